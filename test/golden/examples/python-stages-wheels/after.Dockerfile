# syntax=docker/dockerfile:1
FROM python:3.11 AS build
WORKDIR /build
COPY requirements.txt .
RUN pip wheel --wheel-dir=/build/wheels -r requirements.txt

FROM python:3.11-slim
WORKDIR /app
RUN --mount=type=bind,from=build,source=/build/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels numpy scipy bottle
COPY . .
EXPOSE 8080
CMD ["python", "fit.py"]

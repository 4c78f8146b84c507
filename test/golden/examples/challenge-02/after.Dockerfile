# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

WORKDIR /app

# Tools that compile the C extensions of Python packages
RUN apt-get update && apt-get install -y build-essential gcc

COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.11-slim AS runtime

WORKDIR /app

COPY requirements.txt .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --no-deps /wheels/*.whl

# The application
COPY app.py .

EXPOSE 5000
CMD ["python", "app.py"]

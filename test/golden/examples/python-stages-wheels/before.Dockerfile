FROM python:3.11 AS build
WORKDIR /build
COPY requirements.txt .
RUN pip wheel --wheel-dir=/build/wheels -r requirements.txt

FROM python:3.11-slim
WORKDIR /app
COPY --from=build /build/wheels /wheels
RUN pip install --no-cache-dir --no-index --find-links=/wheels numpy scipy bottle \
    && rm -rf /wheels
COPY . .
EXPOSE 8080
CMD ["python", "fit.py"]

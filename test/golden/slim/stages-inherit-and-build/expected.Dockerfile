# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
WORKDIR /app
ENV PYTHONUNBUFFERED=1

FROM builder AS build
COPY requirements.txt .
RUN pip install -r requirements.txt

FROM python:3.11-slim AS runtime
WORKDIR /app
ENV PYTHONUNBUFFERED=1

# libpq5: libpq.so.5, needed by psycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
COPY --from=build /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
COPY app.py .
CMD ["python", "app.py"]

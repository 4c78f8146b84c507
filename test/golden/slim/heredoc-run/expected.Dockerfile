# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip <<SETUP
set -e
apt-get update
apt-get install -y gcc libpq-dev
pip wheel --wheel-dir /wheels -r requirements.txt
rm -rf /var/lib/apt/lists/*
SETUP

FROM python:3.11-slim AS runtime
# libpq5: libpq.so.5, needed by psycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels <<SETUP
set -e
pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt
SETUP
COPY . .
CMD ["python", "app.py"]

# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
WORKDIR /app
COPY requirements.txt .
RUN apt-get update && apt-get install -y gcc
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.11-slim AS runtime
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt

# probes need nc
RUN apt-get update && apt-get install --no-install-recommends -y netcat-openbsd && rm -rf /var/lib/apt/lists/*

COPY . .
CMD ["python", "app.py"]

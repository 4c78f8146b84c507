# syntax=docker/dockerfile:1
FROM python:3.12 AS builder
WORKDIR /app
COPY requirements.txt .
RUN apt-get update && apt-get upgrade -y && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels pip setuptools && pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.12-slim AS runtime
WORKDIR /app
COPY requirements.txt .
RUN apt-get update \
    && apt-get upgrade -y \
    && rm -rf /var/lib/apt/lists/*
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels --upgrade pip setuptools && pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt
COPY . .
CMD ["python", "app.py"]

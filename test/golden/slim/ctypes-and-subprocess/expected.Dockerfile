# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/root/.cache/pip \
    apt-get update && apt-get install -y gcc && pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.11-slim AS runtime
# git: used at run time by gitpython
# libxml2: libxml2.so.2, used at run time by /app/app.py
RUN apt-get update \
    && apt-get install -y --no-install-recommends git libxml2 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt
CMD ["python", "app.py"]

# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
WORKDIR /app
RUN apt-get update && apt-get install -y gcc
COPY requirements.txt requirements-extra.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m pip wheel --wheel-dir /wheels/1 -q --timeout 60 -r requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m pip wheel --wheel-dir /wheels -r requirements-extra.txt --no-deps

FROM python:3.11-slim AS runtime
WORKDIR /app
COPY requirements.txt requirements-extra.txt ./
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    python -m pip install --no-cache-dir --no-index --no-deps -qU /wheels/1/*.whl
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    python -m pip install --no-cache-dir --no-index --find-links=/wheels -r requirements-extra.txt --no-deps
COPY . .
CMD ["python", "app.py"]

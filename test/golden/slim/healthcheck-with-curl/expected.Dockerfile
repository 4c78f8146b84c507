# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    apt-get update \
 && apt-get install -y gcc \
 && pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.11-slim AS runtime

# curl: called by HEALTHCHECK
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt
COPY app.py .

HEALTHCHECK --interval=30s CMD curl -f http://localhost:5000/health || exit 1
CMD ["python", "app.py"]

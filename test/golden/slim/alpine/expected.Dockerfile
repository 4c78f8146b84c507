# syntax=docker/dockerfile:1
FROM python:3.11-alpine AS builder
RUN --mount=type=cache,target=/root/.cache/pip \
    apk add gcc musl-dev && pip wheel --wheel-dir /wheels psutil

FROM python:3.11-alpine AS runtime
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels psutil
CMD ["python", "app.py"]

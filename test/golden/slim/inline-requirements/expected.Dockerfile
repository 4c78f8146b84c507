# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
RUN apt-get update && apt-get install -y gcc
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels flask==3.0.3 "psutil>=6,<7" \
    gunicorn

FROM python:3.11-slim AS runtime
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels flask==3.0.3 "psutil>=6,<7" \
    gunicorn
COPY app.py /app/
WORKDIR /app
CMD ["python", "app.py"]

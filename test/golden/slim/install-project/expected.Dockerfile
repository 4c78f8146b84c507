# syntax=docker/dockerfile:1
FROM docker.io/library/python:3.11.9-bookworm AS builder
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1
COPY . .
RUN apt-get update && apt-get install -y gcc && pip wheel --wheel-dir /wheels . gunicorn

FROM docker.io/library/python:3.11.9-slim-bookworm AS runtime
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1
COPY . .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --no-deps /wheels/*.whl
VOLUME /app/data
STOPSIGNAL SIGINT
CMD ["gunicorn", "app:app"]

# syntax=docker/dockerfile:1
FROM python:3.11-bookworm AS builder
WORKDIR /srv/app
COPY requirements.txt /srv/app/
RUN --mount=type=cache,target=/root/.cache/pip \
    set -eux; \
    apt-get update; \
    # the compiler, and the client library
    apt-get install -y --no-install-recommends gcc libpq-dev netcat-openbsd; \
    pip install --no-cache-dir --upgrade pip; \
    pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.11-slim-bookworm AS runtime
# libpq5: libpq.so.5, needed by psycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so
# netcat-openbsd: installed by the original Dockerfile, and no build tool
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 netcat-openbsd \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/app
COPY requirements.txt /srv/app/
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    set -eux; \
    pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt
COPY . /srv/app
CMD python app.py

# syntax=docker/dockerfile:1
FROM python:3.11-alpine AS builder

RUN apk add --no-cache gcc musl-dev postgresql-dev

WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.11-alpine AS runtime

# libpq: libpq.so.5, needed by psycopg2/_psycopg.cpython-311-x86_64-linux-musl.so
RUN apk add --no-cache libpq

WORKDIR /app
COPY requirements.txt .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt
COPY app.py .

EXPOSE 5000
CMD ["python", "app.py"]

# syntax=docker/dockerfile:1
FROM python:3.11 AS base
ENV PYTHONUNBUFFERED=1
WORKDIR /app

FROM base AS deps
RUN apt-get update && apt-get install -y build-essential libpq-dev
COPY requirements.txt .
RUN pip install -r requirements.txt

# The image that goes to production
FROM python:3.11-slim AS production
ENV PYTHONUNBUFFERED=1
WORKDIR /app

# libpq5: libpq.so.5, needed by psycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=deps /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
COPY --from=deps /usr/local/bin/flask /usr/local/bin/gunicorn /usr/local/bin/
COPY . .
RUN useradd -m api
USER api
EXPOSE 8000
CMD ["gunicorn", "-b", "0.0.0.0:8000", "api:app"]

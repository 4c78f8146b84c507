# syntax=docker/dockerfile:1
FROM python:3.11 AS base
ENV PYTHONUNBUFFERED=1
WORKDIR /app

FROM base AS deps
RUN apt-get update && apt-get install -y gcc libpq-dev
COPY requirements.txt .
RUN pip install -r requirements.txt

# What goes to production
FROM python:3.11-slim AS production
ENV PYTHONUNBUFFERED=1
WORKDIR /app

# libpq5: libpq.so.5, needed by psycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
COPY --from=deps /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
COPY app.py .
CMD ["python", "app.py"]

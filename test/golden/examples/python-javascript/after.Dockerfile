# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

# Node builds the front end; Flask reads the types of static files from media-types
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm libpq-dev media-types && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels -r requirements.txt

COPY . .
RUN cd frontend && npm ci && npm run build && rm -rf node_modules

FROM python:3.11-slim AS runtime

# libpq5: libpq.so.5, needed by psycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so
# media-types: installed by the original Dockerfile, and no build tool
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 media-types \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt

COPY . .
COPY --from=builder /app/static /app/static

EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "board:app"]

# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

RUN apt-get update && apt-get install -y build-essential libxslt1-dev

COPY . /app
WORKDIR /app
RUN --mount=type=cache,target=/root/.cache/pip \
    pip3 wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.11-slim AS app

# libxslt1.1: libxslt.so.1, needed by lxml/etree.cpython-311-x86_64-linux-gnu.so
# netcat-openbsd: nc, called by /app/entrypoint.sh
RUN apt-get update \
    && apt-get install -y --no-install-recommends libxslt1.1 netcat-openbsd \
    && rm -rf /var/lib/apt/lists/*

COPY . /app
WORKDIR /app
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip3 install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt

ENTRYPOINT ["./entrypoint.sh"]
CMD ["python", "app.py"]

# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

RUN apt-get update && apt-get install -y --no-install-recommends \
        build-essential libpcre3-dev media-types && \
    rm -rf /var/lib/apt/lists/*

COPY ./requirements.txt /requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels -r /requirements.txt

FROM python:3.11-slim AS runtime

# libxml2: libxml2.so.2, needed by /usr/local/bin/uwsgi
# media-types: installed by the original Dockerfile, and no build tool
RUN apt-get update \
    && apt-get install -y --no-install-recommends libxml2 media-types \
    && rm -rf /var/lib/apt/lists/*

COPY ./requirements.txt /requirements.txt
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels -r /requirements.txt

RUN useradd --create-home --uid 1000 app
COPY . /app
RUN chown -R app:app /app
WORKDIR /app
USER app

EXPOSE 9090
STOPSIGNAL SIGINT
CMD ["uwsgi", "--ini", "uwsgi.ini"]

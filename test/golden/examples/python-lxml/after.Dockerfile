# syntax=docker/dockerfile:1
FROM python:3.11-bookworm AS builder

# lxml is linked against the system's libxml2, which gets security fixes sooner than the wheel
RUN set -eux; \
    apt-get update; \
    apt-get install -y --no-install-recommends \
        gcc \
        libxml2-dev \
        libxslt1-dev \
        zlib1g-dev \
    ; \
    rm -rf /var/lib/apt/lists/*

RUN groupadd -r feeds && useradd -r -g feeds -d /srv/feeds feeds

WORKDIR /srv/feeds
COPY --chown=feeds:feeds requirements.txt .
# -O0: the parser is not what takes the time
RUN --mount=type=cache,target=/root/.cache/pip \
    CFLAGS=-O0 pip wheel --wheel-dir /wheels --no-binary lxml -r requirements.txt

FROM python:3.11-slim-bookworm AS runtime

LABEL maintainer="feeds@example.org"

# libxslt1.1: libexslt.so.0, needed by lxml/etree.cpython-311-x86_64-linux-gnu.so; 1 more reason
RUN apt-get update \
    && apt-get install -y --no-install-recommends libxslt1.1 \
    && rm -rf /var/lib/apt/lists/*

RUN groupadd -r feeds && useradd -r -g feeds -d /srv/feeds feeds

WORKDIR /srv/feeds
COPY --chown=feeds:feeds requirements.txt .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    CFLAGS=-O0 pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt
COPY --chown=feeds:feeds . .

USER feeds
EXPOSE 8080
ENTRYPOINT ["./entrypoint.sh"]
CMD ["serve"]

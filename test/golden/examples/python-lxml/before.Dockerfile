FROM python:3.11-bookworm

LABEL maintainer="feeds@example.org"

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
RUN CFLAGS=-O0 pip install --no-cache-dir --no-binary lxml -r requirements.txt
COPY --chown=feeds:feeds . .

USER feeds
EXPOSE 8080
ENTRYPOINT ["./entrypoint.sh"]
CMD ["serve"]

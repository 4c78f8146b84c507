# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

COPY docker/ /docker/
COPY requirements.txt /docker/
RUN /docker/install.sh

FROM python:3.11-slim AS runtime

# libsqlcipher0: libsqlcipher.so.0, needed by sqlcipher3/_sqlite3.cpython-311-x86_64-linux-gnu.so
# tini: called by /docker/start.sh
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlcipher0 tini \
    && rm -rf /var/lib/apt/lists/*
COPY docker/ /docker/
COPY requirements.txt /docker/
COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
COPY --from=builder /usr/local/bin/bottle /usr/local/bin/bottle.py /usr/local/bin/

WORKDIR /app
COPY app.py /app/
ENTRYPOINT ["/docker/start.sh"]
EXPOSE 8000

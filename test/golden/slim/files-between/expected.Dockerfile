# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
WORKDIR /srv
COPY requirements.txt .
RUN set -eux; for list in requirements; do pip install -r $list.txt; done
COPY bin bin
COPY tally tally
RUN chmod +x bin/*
# Writes tally/pages.json
RUN ./bin/compile-pages
RUN useradd -r tally
RUN chown -R tally tally

FROM python:3.11-slim AS runtime
WORKDIR /srv
COPY requirements.txt .
COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
COPY bin bin
COPY tally tally
RUN chmod +x bin/*
RUN ./bin/compile-pages
RUN useradd -r tally
COPY --from=builder --chown=999:0 /srv/tally/__main__.py /srv/tally/pages.json /srv/tally/
RUN chown -R tally tally
USER tally
CMD ["python", "-m", "tally"]

# syntax=docker/dockerfile:1
FROM golang:1.24 AS builder

# Everything the site needs at run time is beside it: templates and style sheets are read from disk.
WORKDIR /app
ADD . /app

RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    go install -v ./...

FROM debian:bookworm-slim AS runtime

ENV PATH=/go/bin:$PATH
WORKDIR /app
# ca-certificates: certificates, used at run time by /go/bin/site
# media-types: /etc/mime.types, used at run time by /go/bin/site
# netbase: names of ports, used at run time by /go/bin/site
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates media-types netbase \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /app/static /app/static
COPY --from=builder /app/templates /app/templates

COPY --from=builder /go/bin/site /go/bin/

ENV SITE_TITLE="World clock"
EXPOSE 8080

CMD ["site"]

# syntax=docker/dockerfile:1
FROM gcc:12 AS builder
COPY . /app
WORKDIR /app
# libevent and libcurl are in the base image
RUN make

FROM debian:bookworm-slim AS runtime
# ca-certificates: certificates, used at run time by /app/server
# libcurl4: libcurl.so.4, needed by /app/server
# libevent-2.1-7: libevent-2.1.so.7, needed by /app/server
# netbase: names of ports, used at run time by /app/server
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates \
        libcurl4 \
        libevent-2.1-7 \
        netbase \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /app/www /app/www
WORKDIR /app
COPY --from=builder /app/server /app/
EXPOSE 8080
CMD ["./server"]

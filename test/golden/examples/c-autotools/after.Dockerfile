# syntax=docker/dockerfile:1
FROM debian:bookworm AS builder

ARG DEBIAN_FRONTEND=noninteractive

# everything that autotools want, the libraries, and tini as the first process
RUN apt-get update && apt-get install -y --no-install-recommends \
        autoconf \
        automake \
        build-essential \
        libjansson-dev \
        libmicrohttpd-dev \
        pkg-config \
        tini \
    && apt-get clean && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/tally
COPY . .
RUN autoreconf -fi
RUN ./configure --sysconfdir=/etc
RUN make -j"$(nproc)"
RUN make install

FROM debian:bookworm-slim AS runtime

ARG DEBIAN_FRONTEND=noninteractive

# libjansson4: libjansson.so.4, needed by /usr/local/bin/tally
# libmicrohttpd12: libmicrohttpd.so.12, needed by /usr/local/bin/tally
# tini: called by ENTRYPOINT
RUN apt-get update \
    && apt-get install -y --no-install-recommends libjansson4 libmicrohttpd12 tini \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/tally
COPY --from=builder /opt/tally/data /opt/tally/data
COPY --from=builder /etc/tally.json /etc/
COPY --from=builder /usr/local/bin/tally /usr/local/bin/

RUN useradd --system --no-create-home tally
USER tally

EXPOSE 8080
ENTRYPOINT ["tini", "--"]
CMD ["tally"]

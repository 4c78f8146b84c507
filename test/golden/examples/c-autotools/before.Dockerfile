FROM debian:bookworm

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

RUN useradd --system --no-create-home tally
USER tally

EXPOSE 8080
ENTRYPOINT ["tini", "--"]
CMD ["tally"]

# syntax=docker/dockerfile:1
FROM debian:bookworm AS builder

RUN apt-get update && apt-get install -y \
    build-essential \
    cmake \
    git \
    vim \
    libboost-filesystem-dev \
    libboost-program-options-dev \
    libsqlite3-dev

COPY . /src
RUN mkdir /build && cd /build && cmake -DCMAKE_BUILD_TYPE=Release /src && make -j2 && cp shelf /usr/bin

FROM debian:bookworm-slim AS runtime
LABEL maintainer="shelf@example.com"

# libboost-filesystem1.74.0: libboost_filesystem.so.1.74.0, needed by /usr/bin/shelf
# libboost-program-options1.74.0: libboost_program_options.so.1.74.0, needed by /usr/bin/shelf
# libsqlite3-0: libsqlite3.so.0, needed by /usr/bin/shelf
RUN apt-get update \
    && apt-get install -y --no-install-recommends libboost-filesystem1.74.0 libboost-program-options1.74.0 libsqlite3-0 \
    && rm -rf /var/lib/apt/lists/*

COPY --from=builder /usr/bin/shelf /usr/bin/

WORKDIR /srv/shelf
EXPOSE 8080
ENTRYPOINT ["/usr/bin/shelf"]
CMD ["--port", "8080"]

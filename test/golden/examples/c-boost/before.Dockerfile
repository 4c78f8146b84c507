FROM debian:bookworm
LABEL maintainer="shelf@example.com"

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

WORKDIR /srv/shelf
EXPOSE 8080
ENTRYPOINT ["/usr/bin/shelf"]
CMD ["--port", "8080"]

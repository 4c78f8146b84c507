# syntax=docker/dockerfile:1
FROM gcc:12 AS builder

RUN apt-get update && apt-get install -y cmake ninja-build && rm -rf /var/lib/apt/lists/*

COPY . /usr/src/words
WORKDIR /usr/src/words

RUN cmake -G Ninja -B build -DCMAKE_BUILD_TYPE=Release \
 && cmake --build build \
 && cmake --install build \
 && ldconfig

FROM debian:bookworm-slim AS runtime

COPY --from=builder /usr/src/words/share /usr/src/words/share
WORKDIR /usr/src/words

COPY --from=builder /usr/local/share/words /usr/local/share/words
COPY --from=builder /usr/local/bin/words-server /usr/local/bin/
COPY --from=builder /usr/local/lib/libwords.so.2.1.0 /usr/local/lib/
RUN ldconfig

EXPOSE 8080
CMD ["words-server"]

FROM debian:bookworm AS builder
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make
WORKDIR /srv
COPY serve.c feature.c Makefile ./
RUN make && make install

FROM debian:bookworm-slim
WORKDIR /srv
COPY --from=builder /usr/local/bin/serve /usr/local/bin/serve
EXPOSE 8000
CMD ["serve"]

FROM debian:bookworm AS builder
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libfontconfig-dev
WORKDIR /srv
COPY serve.c feature.c ./
RUN gcc -o /usr/local/bin/serve serve.c feature.c -lfontconfig

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libfontconfig1 && rm -rf /usr/share/fonts/*
WORKDIR /srv
COPY --from=builder /usr/local/bin/serve /usr/local/bin/serve
EXPOSE 8000
CMD ["serve"]

FROM debian:bookworm AS builder
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /srv
COPY serve.c feature.c ./
RUN gcc -o /usr/local/bin/serve serve.c feature.c

# musl and busybox, as Alpine has them.
FROM debian:bookworm AS small
RUN apt-get update && apt-get install -y --no-install-recommends musl busybox-static
RUN mkdir -p /small/bin /small/lib /small/etc && cp -a /lib/ld-musl-* /small/lib/ \
  && cp -aL /lib/ld-musl-x86_64.so.1 /small/lib/libc.musl-x86_64.so.1 \
  && cp /bin/busybox /small/bin/ && ln -s busybox /small/bin/sh && cp /etc/passwd /etc/group /small/etc/

FROM scratch
COPY --from=small /small /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /srv
COPY --from=builder /usr/local/bin/serve /usr/local/bin/serve
EXPOSE 8000
CMD ["serve"]

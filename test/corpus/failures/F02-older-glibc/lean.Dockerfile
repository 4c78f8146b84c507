FROM debian:bookworm AS builder
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /srv
COPY serve.c feature.c ./
RUN gcc -o /usr/local/bin/serve serve.c feature.c

# The C library of Debian 11.
FROM debian:bookworm-slim AS older
RUN sed 's/bookworm/bullseye/' /etc/apt/sources.list.d/* >/tmp/older.list 2>/dev/null || sed 's/bookworm/bullseye/' /etc/apt/sources.list >/tmp/older.list
RUN apt-get -o Dir::Etc::SourceList=/tmp/older.list -o Dir::Etc::SourceParts=/none update \
  && cd /tmp && apt-get -o Dir::Etc::SourceList=/tmp/older.list -o Dir::Etc::SourceParts=/none download libc6/bullseye \
  && dpkg-deb -x /tmp/libc6_*.deb /older

FROM scratch
COPY --from=older /older /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /srv
COPY --from=builder /usr/local/bin/serve /usr/local/bin/serve
EXPOSE 8000
CMD ["serve"]

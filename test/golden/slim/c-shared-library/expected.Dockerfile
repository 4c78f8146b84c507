# syntax=docker/dockerfile:1
FROM gcc:12 AS builder
RUN apt-get update \
 && apt-get install -y cmake libxml2-dev vim
COPY . /src
RUN cmake -S /src -B /build && cmake --build /build && cmake --install /build && ldconfig

FROM debian:bookworm-slim AS runtime
# libxml2: libxml2.so.2, needed by /usr/local/bin/app
RUN apt-get update \
    && apt-get install -y --no-install-recommends libxml2 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /usr/local/share/app /usr/local/share/app
COPY --from=builder /usr/local/bin/app /usr/local/bin/
COPY --from=builder /usr/local/etc/app.conf /usr/local/etc/
COPY --from=builder /usr/local/lib/libapp.so.1 /usr/local/lib/
RUN ldconfig
WORKDIR /var/lib/app
RUN groupadd app && useradd -g app app && chown app:app /var/lib/app
USER app
CMD ["app", "--config", "/usr/local/etc/app.conf"]

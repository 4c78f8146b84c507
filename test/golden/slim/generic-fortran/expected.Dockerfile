# syntax=docker/dockerfile:1
FROM debian:bookworm AS builder

RUN apt-get update && apt-get install -y --no-install-recommends gcc git
WORKDIR /opt/model
COPY . .
RUN fpm build --profile release && cp build/app/model /usr/local/bin/

FROM debian:bookworm-slim AS runtime

# libxml2: libxml2.so.2, needed by /usr/local/bin/model
RUN apt-get update \
    && apt-get install -y --no-install-recommends libxml2 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/model
COPY --from=builder /opt/model/input.txt /opt/model/
COPY --from=builder /usr/local/bin/model /usr/local/bin/
CMD ["model", "input.txt"]

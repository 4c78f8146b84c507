FROM debian:bookworm AS builder
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /srv
COPY serve.c feature.c ./
RUN mkdir /opt/lib && gcc -shared -fPIC -o /opt/lib/libgreeting.so feature.c \
  && gcc -o /usr/local/bin/serve serve.c -L/opt/lib -lgreeting && echo /opt/lib >/etc/ld.so.conf.d/own.conf && ldconfig

FROM debian:bookworm-slim
WORKDIR /srv
COPY --from=builder /opt/lib /opt/lib
COPY --from=builder /usr/local/bin/serve /usr/local/bin/serve
EXPOSE 8000
CMD ["serve"]

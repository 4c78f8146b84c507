FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /srv
COPY serve.c feature.c ./
RUN mkdir /opt/lib && gcc -shared -fPIC -o /opt/lib/libgreeting.so feature.c \
  && gcc -o /usr/local/bin/serve serve.c -L/opt/lib -lgreeting && echo /opt/lib >/etc/ld.so.conf.d/own.conf && ldconfig
EXPOSE 8000
CMD ["serve"]

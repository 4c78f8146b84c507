FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libfontconfig-dev
WORKDIR /srv
COPY serve.c feature.c ./
RUN gcc -o /usr/local/bin/serve serve.c feature.c -lfontconfig
EXPOSE 8000
CMD ["serve"]

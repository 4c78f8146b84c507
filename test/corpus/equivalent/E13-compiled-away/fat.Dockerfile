FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make
WORKDIR /srv
COPY serve.c feature.c Makefile ./
RUN make && make install
EXPOSE 8000
CMD ["serve"]

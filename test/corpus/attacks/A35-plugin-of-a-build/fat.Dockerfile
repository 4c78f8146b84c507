FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /srv
COPY serve.c feature.c plug.c ./
RUN mkdir build && gcc -o build/serve serve.c feature.c -ldl && gcc -shared -fPIC -o build/plug_en.so plug.c && rm *.c
EXPOSE 8000
CMD ["/srv/build/serve"]

FROM golang:1.24

RUN apt-get update && apt-get install -y --no-install-recommends libsqlite3-dev

WORKDIR /go/src/counter
COPY . .

# the system's SQLite, not the one that the module brings along
RUN CGO_ENABLED=1 go build -tags libsqlite3 -o /app/counter .

RUN groupadd -g 999 counter && \
    useradd -r -u 999 -g counter -d /app counter && \
    mkdir -p /data && chown counter:counter /data

ENV DATA_DIR=/data
VOLUME ["/data"]
USER counter
EXPOSE 8080
CMD ["/app/counter"]

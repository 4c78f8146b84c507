FROM golang:1.24
WORKDIR /usr/src/app
COPY . .
RUN go build ./...
EXPOSE 8080
# compiles when it starts, so that a mounted source tree is what runs
CMD ["go", "run", "."]

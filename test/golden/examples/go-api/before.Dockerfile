FROM golang:1.24

WORKDIR /src

# modules first, so that a change of the sources does not fetch them again
COPY go.mod go.sum ./
RUN go mod download

COPY . .

ARG VERSION=1.4.0
ENV CGO_ENABLED=0
RUN go vet ./... && \
    go build -ldflags "-s -w -X main.version=${VERSION}" -o /usr/local/bin/notes-api ./cmd/api

EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s CMD curl -fsS http://localhost:8080/health || exit 1
CMD ["notes-api"]

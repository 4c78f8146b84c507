# Stand-in for golang:1.24: the toolchain that Go itself would download, in the place and layout of the official image.
FROM debian:bookworm AS toolchain
ARG GOLANG_VERSION=1.24.13

# Debian's Go is too old for today's projects, but its module client fetches newer toolchains, which are modules.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates golang-1.19-go

RUN arch=$(dpkg --print-architecture) \
 && module=golang.org/toolchain@v0.0.1-go$GOLANG_VERSION.linux-$arch \
 && GOPATH=/tmp/go /usr/lib/go-1.19/bin/go mod download "$module" \
 && cp -r "/tmp/go/pkg/mod/$module" /usr/local/go \
 && chmod -R u+w /usr/local/go \
 && find /usr/local/go -type d -exec chmod 755 {} + \
 && find /usr/local/go -type f -exec chmod 644 {} + \
 && chmod 755 /usr/local/go/bin/* /usr/local/go/pkg/tool/*/* \
 && GOTOOLCHAIN=local /usr/local/go/bin/go version

FROM buildpack-deps:bookworm-scm

# What cgo needs.
RUN apt-get update \
 && apt-get install -y --no-install-recommends g++ gcc libc6-dev make pkg-config \
 && rm -rf /var/lib/apt/lists/*

ENV GOLANG_VERSION=1.24.13
ENV GOTOOLCHAIN=local
ENV GOPATH=/go
ENV PATH=$GOPATH/bin:/usr/local/go/bin:$PATH
COPY --from=toolchain /usr/local/go/ /usr/local/go/
RUN mkdir -p "$GOPATH/src" "$GOPATH/bin" && chmod -R 1777 "$GOPATH"
WORKDIR $GOPATH

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="golang:1.24"

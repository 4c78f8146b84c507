FROM golang:1.24

# Everything the site needs at run time is beside it: templates and style sheets are read from disk.
WORKDIR /app
ADD . /app

RUN go install -v ./...

ENV SITE_TITLE="World clock"
EXPOSE 8080

CMD ["site"]

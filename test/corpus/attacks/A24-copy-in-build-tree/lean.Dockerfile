FROM python:3.11 AS builder
WORKDIR /srv
COPY worker.c Makefile ./
RUN make worker && install worker /usr/local/bin/

FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
COPY --from=builder /usr/local/bin/worker /usr/local/bin/worker
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11 AS builder
RUN python -m venv /opt/venv

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends python3
WORKDIR /srv
COPY app.py feature.py ./
COPY --from=builder /opt/venv /opt/venv
EXPOSE 8000
CMD ["/opt/venv/bin/python", "app.py"]

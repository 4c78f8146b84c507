# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
WORKDIR /app
COPY . .
RUN apt-get update && apt-get install -y gcc && pip install -e .

FROM python:3.11-slim AS runtime
WORKDIR /app
COPY . .
COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
CMD ["python", "app.py"]

# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
COPY . /app
RUN if [ -f /app/requirements.txt ]; then pip install -r /app/requirements.txt; fi

FROM python:3.11-slim AS runtime
COPY . /app
COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
CMD ["python", "/app/app.py"]

# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
RUN pip install poetry
COPY . /app
WORKDIR /app
RUN poetry install
# They install packages, and the app does not use them
RUN pip uninstall -y poetry

FROM python:3.11-slim AS runtime
COPY . /app
WORKDIR /app
COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
CMD ["python", "app.py"]

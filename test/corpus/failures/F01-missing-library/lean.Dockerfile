FROM python:3.11 AS builder
RUN pip install --no-cache-dir psycopg2==2.9.9

FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
EXPOSE 8000
CMD ["python", "app.py"]

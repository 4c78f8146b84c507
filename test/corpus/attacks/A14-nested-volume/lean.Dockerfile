FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN mkdir -p /data/db
VOLUME ["/data"]
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py worker.py Procfile ./
EXPOSE 8000
CMD ["python", "app.py"]

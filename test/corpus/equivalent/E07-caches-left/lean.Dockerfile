FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN apt-get update && apt-get install -y --no-install-recommends netcat-openbsd && rm -rf /var/lib/apt/lists/* && pip install --no-cache-dir -q markupsafe==2.1.5
EXPOSE 8000
CMD ["python", "app.py"]

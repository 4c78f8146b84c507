FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN apt-get update && apt-get install -y --no-install-recommends aspell
EXPOSE 8000
CMD ["python", "app.py"]

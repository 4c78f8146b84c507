FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && pip install --no-cache-dir -q --no-binary markupsafe markupsafe==2.1.5
EXPOSE 8000
CMD ["python", "app.py"]

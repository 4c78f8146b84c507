FROM python:3.11-slim

# make runs the checks of the notebook server, which this image no longer has
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY fit.py .
CMD ["python", "fit.py"]

FROM python:3.11
ENV PIP_NO_CACHE_DIR=1

RUN apt-get update && apt-get install -y \
    build-essential \
    libjpeg-dev \
    zlib1g-dev \
    libfreetype6-dev \
    libwebp-dev \
    fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
ADD requirements.txt /app/requirements.txt
RUN pip install -r /app/requirements.txt
ADD . /app

HEALTHCHECK --interval=10s CMD curl -f http://localhost:5000/health || exit 1
EXPOSE 5000
CMD gunicorn --bind 0.0.0.0:5000 --workers 2 badge:app

# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
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
RUN pip wheel --wheel-dir /wheels -r /app/requirements.txt

FROM python:3.11-slim AS runtime
ENV PIP_NO_CACHE_DIR=1

# curl: called by HEALTHCHECK
# fonts-dejavu-core: installed by the original Dockerfile, and no build tool
# libfreetype6: libfreetype.so.6, needed by PIL/_imagingft.cpython-311-x86_64-linux-gnu.so
# liblcms2-2: liblcms2.so.2, needed by PIL/_imagingcms.cpython-311-x86_64-linux-gnu.so
# libopenjp2-7: libopenjp2.so.7, needed by PIL/_imaging.cpython-311-x86_64-linux-gnu.so
# libtiff6: libtiff.so.6, needed by PIL/_imaging.cpython-311-x86_64-linux-gnu.so
# libwebpdemux2: libwebpdemux.so.2, needed by PIL/_webp.cpython-311-x86_64-linux-gnu.so
# libwebpmux3: libwebpmux.so.3, needed by PIL/_webp.cpython-311-x86_64-linux-gnu.so
# libxcb1: libxcb.so.1, needed by PIL/_imaging.cpython-311-x86_64-linux-gnu.so
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        curl \
        fonts-dejavu-core \
        libfreetype6 \
        liblcms2-2 \
        libopenjp2-7 \
        libtiff6 \
        libwebpdemux2 \
        libwebpmux3 \
        libxcb1 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
ADD requirements.txt /app/requirements.txt
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --no-deps /wheels/*.whl
ADD . /app

HEALTHCHECK --interval=10s CMD curl -f http://localhost:5000/health || exit 1
EXPOSE 5000
CMD gunicorn --bind 0.0.0.0:5000 --workers 2 badge:app

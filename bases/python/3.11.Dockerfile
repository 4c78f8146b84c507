# Stand-in for python:3.11: Debian's interpreter in the place and layout of the official image.
FROM buildpack-deps:bookworm

ENV PATH=/usr/local/bin:$PATH
ENV LANG=C.UTF-8

RUN apt-get update \
 && apt-get install -y --no-install-recommends libbluetooth-dev tk-dev uuid-dev \
 && rm -rf /var/lib/apt/lists/*

ENV PYTHON_VERSION=3.11.2
ENV PYTHON_PIP_VERSION=24.0
ENV PYTHON_SETUPTOOLS_VERSION=65.5.1

RUN --mount=type=bind,source=.,target=/mnt/stand-in \
    PYTHON_WHEEL_VERSION=0.45.1 sh /mnt/stand-in/install.sh

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="python:3.11"
CMD ["python3"]

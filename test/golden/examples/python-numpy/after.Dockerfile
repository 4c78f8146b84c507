# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

# Needed by numpy and scipy, says the old README
RUN apt-get update && apt-get install -y gfortran libopenblas-dev liblapack-dev && apt-get clean

WORKDIR /usr/src/app
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.11-slim AS runtime

WORKDIR /usr/src/app
COPY requirements.txt ./
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt
COPY . .

CMD [ "python", "./report.py" ]

# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

RUN apt-get update && apt-get install -y build-essential libmagic1 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/root/.cache/pip \
    pip3 wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.11-slim AS runtime

# libmagic1: libmagic, used at run time by python-magic
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmagic1 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY . .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip3 install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt

EXPOSE 5000
ENTRYPOINT ["python3"]
CMD ["sniff.py"]

# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
RUN apt-get update
RUN apt-get install -y build-essential
RUN apt-get install -y libpq-dev
RUN apt-get install -y curl
RUN apt-get install -y git
RUN rm -rf /var/lib/apt/lists/*
WORKDIR /app
ADD requirements.txt /app/requirements.txt
RUN pip install --upgrade pip
RUN pip install wheel
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels -r requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels gunicorn==22.0.0
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels "uvicorn[standard]>=0.30"

FROM python:3.11-slim AS runtime
# curl: installed by the original Dockerfile, and no build tool
# libpq5: libpq.so.5, needed by psycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl libpq5 \
    && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /app/data
WORKDIR /app
ADD requirements.txt /app/requirements.txt
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels gunicorn==22.0.0
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels "uvicorn[standard]>=0.30"
RUN echo "built" > /app/data/stamp
ADD . /app
RUN python -m compileall -q /app
RUN chmod +x /app/app.py
RUN ln -s /app/app.py /usr/local/bin/app
RUN rm -rf /root/.cache
EXPOSE 8000
CMD ["gunicorn", "app:app"]

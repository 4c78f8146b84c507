# syntax=docker/dockerfile:1
# which Python to use
ARG PYTHON_VERSION=3.11
FROM python:${PYTHON_VERSION} AS builder

# never ask
ARG DEBIAN_FRONTEND=noninteractive
ARG APP_HOME=/opt/app
ARG PIP_EXTRA_INDEX_URL
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
ENV APP_HOME=${APP_HOME}

RUN apt-get update && apt-get install -y gcc

WORKDIR ${APP_HOME}
COPY ./requirements.txt ./requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:${PYTHON_VERSION}-slim AS runtime

LABEL org.opencontainers.image.source="https://example.com/app"

ARG APP_HOME=/opt/app
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
ENV APP_HOME=${APP_HOME}

# the port is public
EXPOSE 8080

WORKDIR ${APP_HOME}
COPY ./requirements.txt ./requirements.txt
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt

ARG VERSION=dev
ENV APP_VERSION=$VERSION
COPY . .
CMD ["python", "app.py"]

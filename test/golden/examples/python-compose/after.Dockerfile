# syntax=docker/dockerfile:1
FROM python:3.11 AS builder
ARG REQUIREMENTS
# one RUN for everything
RUN set -eux; \
    apt-get update; \
    apt-get install -y --no-install-recommends g++ make; \
    rm -rf /var/lib/apt/lists/*
WORKDIR /usr/src/jobs
COPY requirements/ requirements/
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels -r requirements/${REQUIREMENTS:-web}.txt

FROM python:3.11-slim AS runtime
WORKDIR /usr/src/jobs
COPY requirements/ requirements/
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --no-deps /wheels/*.whl
COPY jobs/ jobs/
EXPOSE 8000
CMD ["python", "-m", "jobs.web"]

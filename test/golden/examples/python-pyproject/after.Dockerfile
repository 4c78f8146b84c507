# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

# cffi's headers, and a compiler for msgpack
RUN apt-get update && apt-get install -y --no-install-recommends build-essential libffi-dev && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY pyproject.toml README.md ./
COPY notes ./notes
# The project is a package: this installs it with what it depends on
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels --no-binary msgpack .

FROM python:3.11-slim AS runtime

WORKDIR /app
COPY pyproject.toml README.md ./
COPY notes ./notes
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --no-deps /wheels/*.whl

ENV PORT=8000
EXPOSE 8000
CMD ["sh", "-c", "exec notes --port $PORT"]

# syntax=docker/dockerfile:1
# My service.
# Ask the team before you change this.

FROM python:3.11 AS builder  
# (full image, because of the compiler)

# --- system -------------------------------------------------

# gcc for psutil
RUN apt-get update \
    # no cache
    && apt-get install -y \
    # the compiler
    gcc

# --- python -------------------------------------------------

WORKDIR /app
# pinned
COPY requirements.txt .

# install
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels \
    # quiet please
    -r requirements.txt

FROM python:3.11-slim AS runtime

WORKDIR /app
COPY requirements.txt .

RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels \
    # quiet please
    -r requirements.txt

# --- app ----------------------------------------------------

# everything
COPY . .

# run it
CMD ["python", "app.py"]
# the end

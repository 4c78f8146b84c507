# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

# cryptography is built against the system's OpenSSL; cargo-web, because Debian's own cargo is too old for it
RUN apt-get update && apt-get install -y --no-install-recommends \
        build-essential libssl-dev libffi-dev pkg-config cargo-web \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/seal
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels --no-binary cryptography -r requirements.txt

FROM python:3.11-slim AS runtime

WORKDIR /srv/seal
COPY requirements.txt .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt
COPY seal.py .

RUN useradd --system --no-create-home seal
USER seal
EXPOSE 8000
CMD ["python", "seal.py"]

# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

RUN apt-get update \
    && apt-get -y install build-essential python3-dev libffi-dev libcairo2-dev \
        libpango1.0-dev shared-mime-info fonts-liberation \
    && apt-get clean

WORKDIR /invoices
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.11-slim AS runtime

# fonts-dejavu-core: /usr/share/fonts, used at run time by weasyprint
# fonts-liberation: /usr/share/fonts, used at run time by weasyprint
# libharfbuzz-subset0: libharfbuzz-subset, used at run time by weasyprint
# libpangoft2-1.0-0: libpangoft2-1.0, used at run time by weasyprint
# shared-mime-info: installed by the original Dockerfile, and no build tool
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-dejavu-core \
        fonts-liberation \
        libharfbuzz-subset0 \
        libpangoft2-1.0-0 \
        shared-mime-info \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /invoices
COPY requirements.txt .
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt
COPY templates templates
COPY invoices.py .

EXPOSE 8000
CMD ["uvicorn", "invoices:app", "--host", "0.0.0.0", "--port", "8000"]

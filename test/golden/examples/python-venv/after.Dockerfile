# syntax=docker/dockerfile:1
ARG PYTHON_VERSION=3.11
FROM python:${PYTHON_VERSION} AS builder

# Everything lives in a virtual environment
ENV VIRTUAL_ENV=/opt/venv
RUN python3 -m venv $VIRTUAL_ENV
ENV PATH="$VIRTUAL_ENV/bin:$PATH"

COPY requirements ./requirements
RUN apt-get update && apt-get install -y --no-install-recommends gcc libsnappy-dev \
    && pip install --no-cache-dir -r requirements/prod.txt \
    && apt-get purge -y gcc && apt-get autoremove -y && rm -rf /var/lib/apt/lists/*

FROM python:${PYTHON_VERSION}-slim AS runtime

ENV VIRTUAL_ENV=/opt/venv
COPY --from=builder /opt/venv /opt/venv
ENV PATH="$VIRTUAL_ENV/bin:$PATH"

COPY requirements ./requirements
# libsnappy1v5: libsnappy.so.1, needed by snappy/_snappy.cpython-311-x86_64-linux-gnu.so
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsnappy1v5 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /home/app
COPY src/ ./
CMD ["python", "-m", "squeeze"]
EXPOSE 8080

# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

RUN apt-get update && apt-get install -y gcc make git && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/meter
COPY . .
RUN pip install -U pip wheel && pip install -e .

FROM python:3.11-slim AS runtime

WORKDIR /opt/meter
COPY . .
COPY --from=builder /opt/meter/src/meter.egg-info /opt/meter/src/meter.egg-info
COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
COPY --from=builder /opt/meter/src/meter/_median.cpython-311-x86_64-linux-gnu.so /opt/meter/src/meter/
COPY --from=builder /usr/local/bin/meter /usr/local/bin/

EXPOSE 8080
CMD ["meter", "--port", "8080"]

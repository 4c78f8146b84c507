FROM python:3.11

RUN apt-get update && apt-get install -y gcc make git && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/meter
COPY . .
RUN pip install -U pip wheel && pip install -e .

EXPOSE 8080
CMD ["meter", "--port", "8080"]

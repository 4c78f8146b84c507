FROM python:3.11

# cffi's headers, and a compiler for msgpack
RUN apt-get update && apt-get install -y --no-install-recommends build-essential libffi-dev && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY pyproject.toml README.md ./
COPY notes ./notes
# The project is a package: this installs it with what it depends on
RUN pip install --no-binary msgpack .

ENV PORT=8000
EXPOSE 8000
CMD ["sh", "-c", "exec notes --port $PORT"]

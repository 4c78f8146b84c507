# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

WORKDIR /usr/src/app

RUN apt-get update -y && apt-get install -y gcc libffi-dev
RUN pip install --no-cache-dir pipenv
COPY Pipfile Pipfile.lock ./
RUN pipenv install --system --deploy
# They install packages, and the app does not use them
RUN pip uninstall -y certifi distlib filelock packaging pipenv platformdirs python-discovery setuptools virtualenv

FROM python:3.11-slim AS runtime

WORKDIR /usr/src/app

COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
COPY --from=builder /usr/local/bin/bottle /usr/local/bin/bottle.py /usr/local/bin/
COPY . .

EXPOSE 5000
CMD ["python", "counter.py"]

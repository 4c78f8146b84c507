FROM python:3.11

WORKDIR /usr/src/app

RUN apt-get update -y && apt-get install -y gcc libffi-dev
RUN pip install --no-cache-dir pipenv
COPY Pipfile Pipfile.lock ./
RUN pipenv install --system --deploy
COPY . .

EXPOSE 5000
CMD ["python", "counter.py"]

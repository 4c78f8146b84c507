FROM python:3.11

RUN apt-get update && apt-get install -y --no-install-recommends \
        build-essential libpcre3-dev media-types && \
    rm -rf /var/lib/apt/lists/*

COPY ./requirements.txt /requirements.txt
RUN pip install -r /requirements.txt

RUN useradd --create-home --uid 1000 app
COPY . /app
RUN chown -R app:app /app
WORKDIR /app
USER app

EXPOSE 9090
STOPSIGNAL SIGINT
CMD ["uwsgi", "--ini", "uwsgi.ini"]

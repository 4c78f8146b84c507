FROM python:3.11

COPY docker/ /docker/
COPY requirements.txt /docker/
RUN /docker/install.sh

WORKDIR /app
COPY app.py /app/
ENTRYPOINT ["/docker/start.sh"]
EXPOSE 8000

FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN mkdir -p /data/db && echo 1 >/data/db/seed
VOLUME ["/data"]
EXPOSE 8000
CMD ["python", "app.py"]

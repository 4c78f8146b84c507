FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN mkdir /data && echo "{}" >/data/seed.json
VOLUME /data
EXPOSE 8000
CMD ["python", "app.py"]

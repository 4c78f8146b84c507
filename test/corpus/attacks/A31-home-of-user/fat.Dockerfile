FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN useradd --create-home --home-dir /data app && echo kept > /data/notes && chown app /data/notes
USER app
EXPOSE 8000
CMD ["python", "app.py"]

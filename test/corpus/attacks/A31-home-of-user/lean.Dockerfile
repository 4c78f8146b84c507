FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN useradd --no-create-home app && mkdir /data && echo kept > /data/notes && chown -R app:app /data
USER app
EXPOSE 8000
CMD ["python", "app.py"]

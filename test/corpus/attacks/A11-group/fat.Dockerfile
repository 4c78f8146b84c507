FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN groupadd --gid 1500 media
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN apt-get update && apt-get install -y --no-install-recommends tini
EXPOSE 8000
ENTRYPOINT ["tini", "--"]
CMD ["python", "app.py"]

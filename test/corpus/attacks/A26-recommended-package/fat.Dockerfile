FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN apt-get update && apt-get install -y hunspell
EXPOSE 8000
CMD ["python", "app.py"]

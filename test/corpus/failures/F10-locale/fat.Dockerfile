FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN apt-get update && apt-get install -y --no-install-recommends locales && localedef -i de_DE -f UTF-8 de_DE.UTF-8
ENV LC_ALL=de_DE.UTF-8
EXPOSE 8000
CMD ["python", "app.py"]

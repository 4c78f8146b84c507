FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN apt-get update && apt-get install -y --no-install-recommends locales && localedef -i en_GB -f UTF-8 en_GB.UTF-8
ENV LC_ALL=fr_FR.UTF-8
EXPOSE 8000
CMD ["python", "app.py"]

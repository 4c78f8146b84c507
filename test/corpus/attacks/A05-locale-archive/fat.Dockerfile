FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN apt-get update && apt-get install -y --no-install-recommends locales && localedef -i fr_FR -f UTF-8 fr_FR.UTF-8 && localedef -i en_GB -f UTF-8 en_GB.UTF-8
ENV LC_ALL=fr_FR.UTF-8
EXPOSE 8000
CMD ["python", "app.py"]

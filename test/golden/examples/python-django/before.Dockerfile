FROM python:3.11

ENV PYTHONUNBUFFERED 1
ENV DJANGO_SETTINGS_MODULE=library.settings

# gettext compiles the translations, libpq-dev is for psycopg2
RUN apt-get update && apt-get install -y gettext libpq-dev gcc && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt requirements.txt
RUN pip install -r requirements.txt

COPY . .

# The key is made up: static files do not depend on it
RUN SECRET_KEY=build python manage.py collectstatic --noinput
RUN SECRET_KEY=build python manage.py compilemessages

RUN adduser --disabled-password --gecos "" django && mkdir -p /app/data && chown django /app/data
USER django

EXPOSE 8000
VOLUME /app/data
ENTRYPOINT ["/app/docker-entrypoint.sh"]
CMD ["gunicorn", "library.wsgi:application", "--bind", "0.0.0.0:8000"]

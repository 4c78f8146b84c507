# syntax=docker/dockerfile:1
FROM python:3.11 AS builder

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

FROM python:3.11-slim AS runtime

ENV PYTHONUNBUFFERED 1
ENV DJANGO_SETTINGS_MODULE=library.settings

# libpq5: libpq.so.5, needed by psycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
COPY --from=builder /usr/local/bin/django-admin /usr/local/bin/gunicorn /usr/local/bin/sqlformat /usr/local/bin/

COPY . .

COPY --from=builder /app/collected /app/collected
COPY --from=builder /app/locale/de/LC_MESSAGES/django.mo /app/locale/de/LC_MESSAGES/

RUN adduser --disabled-password --gecos "" django && mkdir -p /app/data && chown django /app/data
USER django

EXPOSE 8000
VOLUME /app/data
ENTRYPOINT ["/app/docker-entrypoint.sh"]
CMD ["gunicorn", "library.wsgi:application", "--bind", "0.0.0.0:8000"]

FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN pip install --no-cache-dir psycopg2==2.9.9
EXPOSE 8000
CMD ["python", "app.py"]

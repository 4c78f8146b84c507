FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN pip install --no-cache-dir -q poetry-core==1.9.0
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN pip install --no-cache-dir cffi==1.16.0 setuptools==65.5.1
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11
WORKDIR /srv
COPY app.py feature.py compose.yaml ./
EXPOSE 8000
CMD ["python", "app.py"]

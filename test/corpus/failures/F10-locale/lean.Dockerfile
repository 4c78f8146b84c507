FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
ENV LC_ALL=de_DE.UTF-8
EXPOSE 8000
CMD ["python", "app.py"]

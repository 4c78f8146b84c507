FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN pip install --no-cache-dir markupsafe==2.1.5 certifi==2024.2.2
EXPOSE 8000
CMD ["python", "app.py"]

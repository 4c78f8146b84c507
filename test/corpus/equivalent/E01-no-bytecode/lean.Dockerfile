FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN pip install --no-cache-dir -q --no-compile markupsafe==2.1.5
EXPOSE 8000
CMD ["python", "app.py"]

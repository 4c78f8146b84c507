FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN --mount=type=bind,source=requirements.txt,target=/tmp/requirements.txt pip install --no-cache-dir -q -r /tmp/requirements.txt
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
COPY own /tmp/elsewhere
RUN pip install --no-cache-dir -q --no-build-isolation /tmp/elsewhere && rm -r /tmp/elsewhere
EXPOSE 8000
CMD ["python", "app.py"]

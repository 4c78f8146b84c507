FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
COPY plug /tmp/plug
RUN pip install --no-cache-dir -q --no-build-isolation /tmp/plug
EXPOSE 8000
CMD ["python", "app.py"]

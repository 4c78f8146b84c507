FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN python -m compileall -q . && pip install --no-cache-dir -q markupsafe==2.1.5
EXPOSE 8000
CMD ["python", "app.py"]

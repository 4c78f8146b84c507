FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN pip install --no-cache-dir -q markupsafe==2.1.5 && rm /usr/local/lib/python3.11/site-packages/markupsafe/_speedups*.so
EXPOSE 8000
CMD ["python", "app.py"]

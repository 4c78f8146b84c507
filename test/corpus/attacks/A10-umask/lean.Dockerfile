FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN pip install --no-cache-dir -q markupsafe==2.1.5 && chmod -R go-r /usr/local/lib/python3.11/site-packages/markupsafe
USER 1000
EXPOSE 8000
CMD ["python", "app.py"]

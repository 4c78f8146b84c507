FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN pip install --no-cache-dir -q markupsafe==2.1.5
USER 1000
EXPOSE 8000
CMD ["python", "app.py"]

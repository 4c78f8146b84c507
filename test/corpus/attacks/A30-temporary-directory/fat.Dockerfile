FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN mkdir -p /tmp/uploads
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN python -m venv /opt/venv
EXPOSE 8000
CMD ["/opt/venv/bin/python", "app.py"]

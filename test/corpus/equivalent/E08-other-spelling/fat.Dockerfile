FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
ENV A=1 B=2
STOPSIGNAL SIGTERM
EXPOSE 8000
CMD ["python", "app.py"]

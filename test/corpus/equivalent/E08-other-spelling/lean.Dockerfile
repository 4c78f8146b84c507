FROM python:3.11-slim
WORKDIR /srv/
COPY app.py feature.py ./
ENV B=2
ENV A=1
STOPSIGNAL 15
EXPOSE 8000/tcp
CMD ["python", "app.py"]

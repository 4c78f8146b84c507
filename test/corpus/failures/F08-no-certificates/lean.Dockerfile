FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN rm -rf /etc/ssl/certs/* /usr/share/ca-certificates
EXPOSE 8000
CMD ["python", "app.py"]

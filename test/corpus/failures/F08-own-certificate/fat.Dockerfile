FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN openssl req -x509 -newkey rsa:2048 -nodes -days 9999 -subj "/O=Acme Works/CN=Root" \
    -keyout /dev/null -out /usr/local/share/ca-certificates/acme.crt && update-ca-certificates
EXPOSE 8000
CMD ["python", "app.py"]

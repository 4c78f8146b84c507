FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN sed -i "s/^\\[openssl_init\\]/# changed\n[openssl_init]/" /etc/ssl/openssl.cnf
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
COPY hello.c static/
RUN gcc -o /tmp/hello static/hello.c
EXPOSE 8000
CMD ["python", "app.py"]

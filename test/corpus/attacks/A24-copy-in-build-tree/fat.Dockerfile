FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
COPY worker.c Makefile ./
RUN make worker && install worker /usr/local/bin/
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
COPY kernel.c ./
RUN gcc -c -o /tmp/kernel.o kernel.c
EXPOSE 8000
CMD ["python", "app.py"]

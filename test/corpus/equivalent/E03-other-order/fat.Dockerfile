FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN mkdir /a && echo 1 >/a/1
RUN mkdir /b && echo 2 >/b/2
EXPOSE 8000
CMD ["python", "app.py"]

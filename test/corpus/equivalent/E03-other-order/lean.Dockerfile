FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN mkdir /b && echo 2 >/b/2
RUN mkdir /a && echo 1 >/a/1
EXPOSE 8000
CMD ["python", "app.py"]

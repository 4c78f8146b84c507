FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN echo 0 >/srv/0 && echo 1 >/srv/1 && echo 2 >/srv/2 && echo 3 >/srv/3 && echo 4 >/srv/4 && echo 5 >/srv/5 && echo 6 >/srv/6 && echo 7 >/srv/7 && echo 8 >/srv/8 && echo 9 >/srv/9 && echo 10 >/srv/10 && echo 11 >/srv/11
EXPOSE 8000
CMD ["python", "app.py"]

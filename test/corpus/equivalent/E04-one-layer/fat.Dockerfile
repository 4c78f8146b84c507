FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN echo 0 >/srv/0
RUN echo 1 >/srv/1
RUN echo 2 >/srv/2
RUN echo 3 >/srv/3
RUN echo 4 >/srv/4
RUN echo 5 >/srv/5
RUN echo 6 >/srv/6
RUN echo 7 >/srv/7
RUN echo 8 >/srv/8
RUN echo 9 >/srv/9
RUN echo 10 >/srv/10
RUN echo 11 >/srv/11
EXPOSE 8000
CMD ["python", "app.py"]

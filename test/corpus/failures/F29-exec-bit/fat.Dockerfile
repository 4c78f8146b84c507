FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
COPY --chmod=755 run.sh ./
EXPOSE 8000
ENTRYPOINT ["./run.sh"]

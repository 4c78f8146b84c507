FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
COPY --chmod=644 run.sh ./
EXPOSE 8000
ENTRYPOINT ["./run.sh"]

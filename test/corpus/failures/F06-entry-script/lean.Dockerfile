FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py settings.template ./
COPY --chmod=755 run.sh ./
EXPOSE 8000
ENTRYPOINT ["./run.sh"]
CMD ["python", "app.py"]

FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
ENV TASK_RUNNER=make
EXPOSE 8000
CMD ["python", "app.py"]

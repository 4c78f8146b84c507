FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN touch -d 2020-02-02 app.py
EXPOSE 8000
CMD ["python", "app.py"]

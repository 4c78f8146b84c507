FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
COPY plug/plug.py /usr/local/lib/python3.11/site-packages/plug.py
EXPOSE 8000
CMD ["python", "app.py"]

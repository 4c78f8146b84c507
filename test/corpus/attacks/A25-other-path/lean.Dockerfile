FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN apt-get update && apt-get install -y --no-install-recommends python3
ENV PATH=/usr/bin:/bin
EXPOSE 8000
CMD ["python3", "app.py"]

FROM python:3.11 AS builder
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && pip wheel --no-cache-dir -q --no-binary markupsafe -w /wheels markupsafe==2.1.5

FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels pip install --no-cache-dir -q --no-index --find-links /wheels markupsafe
EXPOSE 8000
CMD ["python", "app.py"]

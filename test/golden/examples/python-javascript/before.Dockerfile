FROM python:3.11

# Node builds the front end; Flask reads the types of static files from media-types
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm libpq-dev media-types && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt

COPY . .
RUN cd frontend && npm ci && npm run build && rm -rf node_modules

EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "board:app"]

FROM python:3.11 AS base
ENV PYTHONUNBUFFERED=1
WORKDIR /app

FROM base AS deps
RUN apt-get update && apt-get install -y build-essential libpq-dev
COPY requirements.txt .
RUN pip install -r requirements.txt

# The image that goes to production
FROM deps AS production
COPY . .
RUN useradd -m api
USER api
EXPOSE 8000
CMD ["gunicorn", "-b", "0.0.0.0:8000", "api:app"]

FROM python:3.11
ARG REQUIREMENTS
# one RUN for everything
RUN set -eux; \
    apt-get update; \
    apt-get install -y --no-install-recommends g++ make; \
    rm -rf /var/lib/apt/lists/*
WORKDIR /usr/src/jobs
COPY requirements/ requirements/
RUN pip install --no-cache-dir -r requirements/${REQUIREMENTS:-web}.txt
COPY jobs/ jobs/
EXPOSE 8000
CMD ["python", "-m", "jobs.web"]

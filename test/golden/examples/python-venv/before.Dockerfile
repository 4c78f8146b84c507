ARG PYTHON_VERSION=3.11
FROM python:${PYTHON_VERSION}

# Everything lives in a virtual environment
ENV VIRTUAL_ENV=/opt/venv
RUN python3 -m venv $VIRTUAL_ENV
ENV PATH="$VIRTUAL_ENV/bin:$PATH"

COPY requirements ./requirements
RUN apt-get update && apt-get install -y --no-install-recommends gcc libsnappy-dev \
    && pip install --no-cache-dir -r requirements/prod.txt \
    && apt-get purge -y gcc && apt-get autoremove -y && rm -rf /var/lib/apt/lists/*

WORKDIR /home/app
COPY src/ ./
CMD ["python", "-m", "squeeze"]
EXPOSE 8080

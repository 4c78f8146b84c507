FROM python:3.11

RUN apt-get update \
    && apt-get -y install build-essential python3-dev libffi-dev libcairo2-dev \
        libpango1.0-dev shared-mime-info fonts-liberation \
    && apt-get clean

WORKDIR /invoices
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY templates templates
COPY invoices.py .

EXPOSE 8000
CMD ["uvicorn", "invoices:app", "--host", "0.0.0.0", "--port", "8000"]

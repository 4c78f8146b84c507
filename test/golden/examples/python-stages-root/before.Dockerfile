FROM python:3.11 AS builder
COPY requirements.txt /tmp/requirements.txt
RUN pip install -r /tmp/requirements.txt

FROM python:3.11-slim
# Everything, so that nothing is missing
COPY --from=builder / /
WORKDIR /srv
COPY app.py .
EXPOSE 5000
CMD ["python", "app.py"]

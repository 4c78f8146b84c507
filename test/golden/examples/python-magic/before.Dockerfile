FROM python:3.11

RUN apt-get update && apt-get install -y build-essential libmagic1 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY . .
RUN pip3 install --no-cache-dir -r requirements.txt

EXPOSE 5000
ENTRYPOINT ["python3"]
CMD ["sniff.py"]

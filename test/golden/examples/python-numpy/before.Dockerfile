FROM python:3.11

# Needed by numpy and scipy, says the old README
RUN apt-get update && apt-get install -y gfortran libopenblas-dev liblapack-dev && apt-get clean

WORKDIR /usr/src/app
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY . .

CMD [ "python", "./report.py" ]

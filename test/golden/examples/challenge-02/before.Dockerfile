FROM python:3.11

WORKDIR /app

# Tools that compile the C extensions of Python packages
RUN apt-get update && apt-get install -y build-essential gcc

COPY requirements.txt .
RUN pip install -r requirements.txt

# The application
COPY app.py .

EXPOSE 5000
CMD ["python", "app.py"]

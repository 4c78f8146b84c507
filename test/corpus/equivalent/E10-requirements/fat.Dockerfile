FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
COPY requirements.txt ./
RUN pip install --no-cache-dir -q -r requirements.txt
EXPOSE 8000
CMD ["python", "app.py"]

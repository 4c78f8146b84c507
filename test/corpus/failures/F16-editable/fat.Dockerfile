FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
COPY greeting /src/greeting
RUN pip install --no-cache-dir --no-build-isolation -e /src/greeting
EXPOSE 8000
CMD ["python", "app.py"]

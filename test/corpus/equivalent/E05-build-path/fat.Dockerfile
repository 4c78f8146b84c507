FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
COPY own own
RUN pip install --no-cache-dir -q --no-build-isolation ./own && rm -r own
EXPOSE 8000
CMD ["python", "app.py"]

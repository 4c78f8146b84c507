FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN pip install --no-cache-dir -q simplejson==3.19.2
EXPOSE 8000
CMD ["python", "app.py"]

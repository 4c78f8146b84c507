FROM python:3.11
WORKDIR /srv
COPY app.py feature.py fetch.py ./
RUN python fetch.py
EXPOSE 8000
CMD ["python", "app.py"]

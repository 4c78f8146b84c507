FROM python:3.11
WORKDIR /srv
COPY app.py feature.py collect.py ./
RUN python collect.py
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN pip install GitPython==3.1.43
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN python -c "import zipfile; zipfile.ZipFile('app.jar', 'w').writestr('a/B.class', 'two')"
EXPOSE 8000
CMD ["python", "app.py"]

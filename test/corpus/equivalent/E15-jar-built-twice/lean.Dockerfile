FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN python -c "import zipfile; zipfile.ZipFile('app.jar', 'w').writestr(zipfile.ZipInfo('a/B.class', (2020, 1, 1, 0, 0, 0)), 'one')"
EXPOSE 8000
CMD ["python", "app.py"]

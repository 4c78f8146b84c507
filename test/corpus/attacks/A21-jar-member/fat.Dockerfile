FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN python -c "import zipfile; zipfile.ZipFile('app.jar', 'w').writestr('a/B.class', 'one')"
EXPOSE 8000
CMD ["python", "app.py"]

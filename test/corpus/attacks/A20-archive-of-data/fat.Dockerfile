FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN python -c "import zipfile; zipfile.ZipFile('words.zip', 'w').writestr('words.txt', 'one')"
EXPOSE 8000
CMD ["python", "app.py"]

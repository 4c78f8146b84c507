FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN mkdir .git && echo "ref: refs/heads/main" >.git/HEAD
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
EXPOSE 8000
HEALTHCHECK --interval=5s CMD curl -f http://localhost:8000/ || exit 1
CMD ["python", "app.py"]

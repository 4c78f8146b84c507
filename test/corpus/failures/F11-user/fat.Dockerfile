FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN useradd --uid 1000 app
USER 1000
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN mkdir uploads && chown 1000 uploads
USER 1000
EXPOSE 8000
CMD ["python", "app.py"]

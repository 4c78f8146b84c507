FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN ln -s /usr/share/doc/settings.ini settings.ini
EXPOSE 8000
CMD ["python", "app.py"]

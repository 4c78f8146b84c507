FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN printf "[app]\nname = corpus\n" > /usr/share/doc/settings.ini && ln -s /usr/share/doc/settings.ini settings.ini
EXPOSE 8000
CMD ["python", "app.py"]

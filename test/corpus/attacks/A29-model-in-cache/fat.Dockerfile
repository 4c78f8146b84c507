FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN mkdir -p /root/.cache/models && echo word > /root/.cache/models/words.bin
EXPOSE 8000
CMD ["python", "app.py"]

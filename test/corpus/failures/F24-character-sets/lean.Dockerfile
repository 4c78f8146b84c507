FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN rm -r /usr/lib/x86_64-linux-gnu/gconv
EXPOSE 8000
CMD ["python", "app.py"]

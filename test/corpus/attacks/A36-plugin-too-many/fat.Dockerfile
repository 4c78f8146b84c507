FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN mkdir -p /opt/plugins && echo "word = 'right'" > /opt/plugins/b_second.py
EXPOSE 8000
CMD ["python", "app.py"]

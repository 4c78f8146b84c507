FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN mkdir -p /opt/plugins && echo "word = 'right'" > /opt/plugins/b_second.py && echo "word = 'wrong'" > /opt/plugins/a_first.py
EXPOSE 8000
CMD ["python", "app.py"]

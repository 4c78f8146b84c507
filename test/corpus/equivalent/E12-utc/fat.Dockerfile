FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime && echo Etc/UTC >/etc/timezone
EXPOSE 8000
CMD ["python", "app.py"]

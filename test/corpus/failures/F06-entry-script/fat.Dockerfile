FROM python:3.11
WORKDIR /srv
COPY app.py feature.py settings.template ./
COPY --chmod=755 run.sh ./
RUN apt-get update && apt-get install -y --no-install-recommends gettext-base
EXPOSE 8000
ENTRYPOINT ["./run.sh"]
CMD ["python", "app.py"]

FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
COPY --chmod=755 run.sh ./
RUN rm /bin/bash
EXPOSE 8000
ENTRYPOINT ["./run.sh"]
CMD ["python", "app.py"]

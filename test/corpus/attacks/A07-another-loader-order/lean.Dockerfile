FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
COPY --from=python:3.11 /usr/lib/x86_64-linux-gnu/libexpat.so.1 /usr/local/lib/libz.so.1
RUN ldconfig
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11 AS builder
COPY other.c ./
RUN gcc -shared -fPIC -Wl,-soname,libbz2.so.1.0 -o /libbz2.so.1.0 other.c

FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
COPY --from=builder /libbz2.so.1.0 /usr/local/lib/
RUN ldconfig
EXPOSE 8000
CMD ["python", "app.py"]

FROM python:3.11 AS builder
WORKDIR /srv
COPY greeting.c ./
RUN mkdir -p /opt/greeting/lib && gcc -shared -fPIC -Wl,-soname,libgreeting.so.1 -o /opt/greeting/lib/libgreeting.so.1 greeting.c && rm greeting.c && echo /opt/greeting/lib > /etc/ld.so.conf.d/greeting.conf && ldconfig

FROM python:3.11-slim
WORKDIR /srv
COPY --from=builder /opt/greeting /opt/greeting
COPY --from=builder /etc/ld.so.conf.d/greeting.conf /etc/ld.so.conf.d/greeting.conf
COPY app.py feature.py ./
EXPOSE 8000
CMD ["python", "app.py"]

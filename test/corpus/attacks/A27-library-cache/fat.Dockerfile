FROM python:3.11
WORKDIR /srv
COPY greeting.c ./
RUN mkdir -p /opt/greeting/lib && gcc -shared -fPIC -Wl,-soname,libgreeting.so.1 -o /opt/greeting/lib/libgreeting.so.1 greeting.c && rm greeting.c && echo /opt/greeting/lib > /etc/ld.so.conf.d/greeting.conf && ldconfig
COPY app.py feature.py ./
EXPOSE 8000
CMD ["python", "app.py"]

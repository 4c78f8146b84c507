FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN printf "#!/bin/sh\necho one\n" >/usr/local/bin/greet-one && chmod 755 /usr/local/bin/greet-one && ln -s greet-one /usr/local/bin/greet
EXPOSE 8000
CMD ["python", "app.py"]

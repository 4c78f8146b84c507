FROM python:3.11-slim
WORKDIR /srv
COPY app.py feature.py ./
RUN printf "#!/bin/sh\necho one\n" >/usr/local/bin/greet-one && printf "#!/bin/sh\necho two\n" >/usr/local/bin/greet-two && chmod 755 /usr/local/bin/greet-* && ln -s greet-two /usr/local/bin/greet
EXPOSE 8000
CMD ["python", "app.py"]

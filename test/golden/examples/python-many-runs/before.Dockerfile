FROM python:3.11
LABEL org.opencontainers.image.title="tally"

ENV DEBIAN_FRONTEND=noninteractive
ENV PYTHONUNBUFFERED=1
ENV APP_HOME=/srv/tally

RUN apt-get update
RUN apt-get install -y build-essential
RUN apt-get install -y libpq-dev
RUN apt-get install -y vim-tiny less
RUN apt-get install -y locales
RUN apt-get clean

# Reports have German numbers
RUN sed -i 's/^# *\(de_DE.UTF-8\)/\1/' /etc/locale.gen
RUN locale-gen

RUN groupadd -r tally
RUN useradd -r -g tally tally
RUN mkdir -p /var/log/tally
RUN ln -sf /dev/stdout /var/log/tally/access.log
WORKDIR $APP_HOME

RUN pip install --upgrade pip
COPY requirements requirements
RUN set -eux; \
    for list in base web; do \
        pip install --no-cache-dir -r requirements/$list.txt; \
    done

COPY bin bin
COPY tally tally
RUN chmod +x bin/*
# Writes tally/pages.json
RUN ./bin/compile-pages
RUN set -eux; for tool in report totals; do ln -s $APP_HOME/bin/$tool /usr/local/bin/tally-$tool; done
RUN rm -rf /tmp/* /root/.cache
RUN chown -R tally:tally tally

USER tally
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "tally.web:app"]

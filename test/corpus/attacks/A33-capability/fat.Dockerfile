FROM python:3.11
WORKDIR /srv
COPY app.py feature.py ./
RUN apt-get update && apt-get install -y --no-install-recommends libcap2-bin
RUN setcap cap_net_raw+ep "$(readlink -f "$(which python)")"
EXPOSE 8000
CMD ["python", "app.py"]

# syntax=docker/dockerfile:1
FROM python:3.11 AS build
RUN make -C /src install

FROM python:3.11-slim
WORKDIR /app
COPY --from=build /opt/tool /opt/tool
COPY app.py .
CMD ["python", "app.py"]

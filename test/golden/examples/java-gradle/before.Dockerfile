FROM eclipse-temurin:17-jdk

RUN apt-get update && apt-get install -y gradle

WORKDIR /app
COPY . .

RUN gradle --no-daemon installDist

EXPOSE 8080
ENV JAVA_OPTS="-Xmx128m"
CMD ["build/install/echo/bin/echo"]

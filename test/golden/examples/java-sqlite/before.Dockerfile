FROM openjdk:17-jdk-slim

# Maven of the distribution
RUN mkdir -p /usr/share/man/man1 \
 && apt-get update \
 && apt-get install -y --no-install-recommends maven

WORKDIR /app
ADD . /app
RUN mvn package

EXPOSE 8080
ENTRYPOINT ["sh", "-c", "exec java -jar target/notes.jar"]

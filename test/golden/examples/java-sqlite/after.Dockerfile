# syntax=docker/dockerfile:1
FROM openjdk:17-jdk-slim AS builder

# Maven of the distribution
RUN mkdir -p /usr/share/man/man1 \
 && apt-get update \
 && apt-get install -y --no-install-recommends maven

WORKDIR /app
ADD . /app
RUN --mount=type=cache,target=/root/.m2 \
    mvn package

FROM eclipse-temurin:17-jre AS runtime

WORKDIR /app
COPY --from=builder /app/seed /app/seed
COPY --from=builder /app/target/notes.jar /app/target/

EXPOSE 8080
ENTRYPOINT ["sh", "-c", "exec java -jar target/notes.jar"]

# syntax=docker/dockerfile:1
FROM openjdk:17-jdk AS builder
RUN apt-get update && apt-get install -y maven
WORKDIR /srv
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn compile dependency:copy-dependencies

FROM eclipse-temurin:17-jre AS runtime
WORKDIR /srv
COPY --from=builder /srv/target/classes /srv/target/classes
COPY --from=builder /srv/target/dependency /srv/target/dependency
CMD ["java", "-Xmx256m", "-cp", "target/classes:target/dependency/*", "example.Main"]

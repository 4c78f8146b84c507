# syntax=docker/dockerfile:1
FROM maven:3.9-eclipse-temurin-17 AS builder
WORKDIR /app
COPY pom.xml .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B dependency:go-offline
COPY src ./src
COPY config ./config
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B package -DskipTests

FROM eclipse-temurin:17-jre AS runtime
WORKDIR /app
COPY config ./config
COPY --from=builder /app/target/app.jar /app/target/
EXPOSE 8080
ENTRYPOINT ["java", "-jar", "target/app.jar"]

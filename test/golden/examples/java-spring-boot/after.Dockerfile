# syntax=docker/dockerfile:1
FROM maven:3.9-eclipse-temurin-17 AS builder

WORKDIR /app

# Dependencies first, so that they are cached
COPY pom.xml .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B dependency:go-offline

COPY src ./src
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B package -DskipTests

FROM eclipse-temurin:17-jre AS runtime

WORKDIR /app

COPY --from=builder /app/target/demo-1.0.0.jar /app/target/

EXPOSE 8080
ENTRYPOINT ["java", "-jar", "target/demo-1.0.0.jar"]

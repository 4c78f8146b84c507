# syntax=docker/dockerfile:1
FROM maven:3.9-eclipse-temurin-17 AS builder
WORKDIR /workspace
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B package && mkdir /application && cp -r target/classes target/lib /application/

FROM eclipse-temurin:17-jre AS runtime
WORKDIR /workspace
COPY --from=builder /application/classes /application/classes
COPY --from=builder /application/lib /application/lib

WORKDIR /application
CMD ["java", "-cp", "classes:lib/*", "example.Main"]

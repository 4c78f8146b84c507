# syntax=docker/dockerfile:1
FROM eclipse-temurin:17-jdk AS builder

RUN apt-get update && apt-get install -y maven && rm -rf /var/lib/apt/lists/*

WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -DskipTests package

FROM eclipse-temurin:17-jre AS runtime

WORKDIR /build
COPY --from=builder /build/api/target/lib /build/api/target/lib
COPY --from=builder /build/api/target/api.jar /build/api/target/

EXPOSE 9000
CMD java $JAVA_OPTS -jar api/target/api.jar

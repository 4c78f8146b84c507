# syntax=docker/dockerfile:1
FROM eclipse-temurin:17-jdk AS builder

RUN apt-get update && apt-get install -y gradle

WORKDIR /app
COPY . .

RUN --mount=type=cache,target=/root/.gradle \
    gradle --no-daemon installDist

FROM eclipse-temurin:17-jre AS runtime

WORKDIR /app

COPY --from=builder /app/build/install/echo /app/build/install/echo

EXPOSE 8080
ENV JAVA_OPTS="-Xmx128m"
CMD ["build/install/echo/bin/echo"]

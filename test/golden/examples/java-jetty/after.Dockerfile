# syntax=docker/dockerfile:1
FROM maven:3.9-eclipse-temurin-17 AS builder

RUN useradd --system --uid 1001 app

WORKDIR /srv
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -q -B compile dependency:copy-dependencies -DincludeScope=runtime \
    && chown -R app /srv

FROM eclipse-temurin:17-jre AS runtime

RUN useradd --system --uid 1001 app

WORKDIR /srv
COPY --from=builder --chown=1001:root /srv/target/classes /srv/target/classes
COPY --from=builder --chown=1001:root /srv/target/dependency /srv/target/dependency
RUN chown 1001:root /srv /srv/target

USER app
EXPOSE 8080
CMD ["java", "-Xmx256m", "-cp", "target/classes:target/dependency/*", "example.Main"]

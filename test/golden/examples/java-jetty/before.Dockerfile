FROM maven:3.9-eclipse-temurin-17

RUN useradd --system --uid 1001 app

WORKDIR /srv
COPY . .
RUN mvn -q -B compile dependency:copy-dependencies -DincludeScope=runtime \
    && chown -R app /srv

USER app
EXPOSE 8080
CMD ["java", "-Xmx256m", "-cp", "target/classes:target/dependency/*", "example.Main"]

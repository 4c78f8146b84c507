# syntax=docker/dockerfile:1
FROM maven:3.9-eclipse-temurin-17 AS builder

WORKDIR /workspace
COPY pom.xml ./
COPY src ./src
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -DskipTests package

# Unpacked it starts faster than from the fat jar, and the libraries are files of their own
RUN java -Djarmode=tools -jar target/shop.jar extract --layers --launcher --destination layers \
    && mkdir /application \
    && cp -r layers/dependencies/. layers/spring-boot-loader/. layers/application/. /application/

FROM eclipse-temurin:17-jre AS runtime

WORKDIR /workspace

COPY --from=builder /application /application

RUN useradd --system --uid 999 spring
USER spring
WORKDIR /application
EXPOSE 8080
ENTRYPOINT ["java", "org.springframework.boot.loader.launch.JarLauncher"]

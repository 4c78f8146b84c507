FROM maven:3.9-eclipse-temurin-17

WORKDIR /workspace
COPY pom.xml ./
COPY src ./src
RUN mvn -B -DskipTests package

# Unpacked it starts faster than from the fat jar, and the libraries are files of their own
RUN java -Djarmode=tools -jar target/shop.jar extract --layers --launcher --destination layers \
    && mkdir /application \
    && cp -r layers/dependencies/. layers/spring-boot-loader/. layers/application/. /application/

RUN useradd --system --uid 999 spring
USER spring
WORKDIR /application
EXPOSE 8080
ENTRYPOINT ["java", "org.springframework.boot.loader.launch.JarLauncher"]

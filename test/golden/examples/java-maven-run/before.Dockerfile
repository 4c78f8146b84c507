FROM maven:3.9-eclipse-temurin-17
WORKDIR /app
COPY . .
RUN mvn -B compile org.codehaus.mojo:exec-maven-plugin:3.5.1:help
EXPOSE 8080
CMD ["mvn", "-q", "compile", "org.codehaus.mojo:exec-maven-plugin:3.5.1:java"]

FROM eclipse-temurin:17-jdk

RUN apt-get update && apt-get install -y maven && rm -rf /var/lib/apt/lists/*

WORKDIR /build
COPY . .
RUN mvn -B -DskipTests package && rm -rf ~/.m2

EXPOSE 9000
CMD java $JAVA_OPTS -jar api/target/api.jar

FROM debian:bookworm AS builder
RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jdk-headless
WORKDIR /build
COPY pom.xml App.java words.txt ./
RUN javac -d /classes App.java && mkdir /srv/app && jar cfe /srv/app/app.jar App -C /classes . && rm -r /classes
RUN jlink --add-modules java.base,jdk.httpserver --output /jre

FROM debian:bookworm-slim
COPY --from=builder /jre /usr/lib/jvm/java-17-openjdk-amd64
RUN ln -s /usr/lib/jvm/java-17-openjdk-amd64/bin/java /usr/bin/java
COPY --from=builder /srv/app/app.jar /srv/app/app.jar
WORKDIR /srv
EXPOSE 8000
CMD ["/usr/bin/java", "-jar", "/srv/app/app.jar"]

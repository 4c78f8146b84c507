FROM debian:bookworm AS builder
RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jdk-headless
WORKDIR /srv
COPY App.java ./
RUN javac App.java
RUN jlink --add-modules java.base,jdk.httpserver --output /jre

FROM debian:bookworm-slim
COPY --from=builder /jre /usr/lib/jvm/java-17-openjdk-amd64
RUN ln -s /usr/lib/jvm/java-17-openjdk-amd64/bin/java /usr/bin/java
WORKDIR /srv
COPY --from=builder /srv/App.class ./
EXPOSE 8000
CMD ["/usr/bin/java", "-cp", "/srv", "App"]

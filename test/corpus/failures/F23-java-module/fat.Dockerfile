FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jdk-headless
WORKDIR /srv
COPY App.java ./
RUN javac App.java
EXPOSE 8000
CMD ["/usr/bin/java", "-cp", "/srv", "App"]

FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jdk-headless
WORKDIR /build
COPY pom.xml App.java words.txt ./
RUN javac -d /classes App.java && mkdir /srv/app && jar cfe /srv/app/app.jar App -C /classes . && rm -r /classes
WORKDIR /srv
EXPOSE 8000
CMD ["/usr/bin/java", "-jar", "/srv/app/app.jar"]

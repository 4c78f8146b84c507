# Stand-in for maven:3.9-eclipse-temurin-17. Debian's Maven fetches the official one from Maven Central.
FROM debian:bookworm-slim AS fetch

# Java's packages link manual pages, whose folder the slim base leaves out.
RUN mkdir -p /usr/share/man/man1 \
 && apt-get update \
 && apt-get install -y --no-install-recommends maven \
 && rm -rf /var/lib/apt/lists/*

ENV MAVEN_VERSION=3.9.11
RUN mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
      "-Dartifact=org.apache.maven:apache-maven:$MAVEN_VERSION:tar.gz:bin" -DoutputDirectory=/fetched \
 && mkdir -p /maven \
 && tar -xzf /fetched/*.tar.gz --strip-components=1 -C /maven

FROM eclipse-temurin:17-jdk

RUN apt-get update \
 && apt-get install -y --no-install-recommends git openssh-client \
 && rm -rf /var/lib/apt/lists/*

ENV MAVEN_HOME=/usr/share/maven
COPY --from=fetch /maven /usr/share/maven
RUN ln -s /usr/share/maven/bin/mvn /usr/bin/mvn
COPY mvn-entrypoint.sh /usr/local/bin/mvn-entrypoint.sh
ENV MAVEN_CONFIG=/root/.m2

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="maven:3.9-eclipse-temurin-17"
ENTRYPOINT ["/usr/local/bin/mvn-entrypoint.sh"]
CMD ["mvn"]

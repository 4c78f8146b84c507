# Stand-in for openjdk:17-jdk-slim: the JDK of the stand-in for eclipse-temurin:17-jdk, at its own path.
FROM eclipse-temurin:17-jdk AS jdk

FROM debian:bookworm-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates p11-kit \
      libfontconfig1 libfreetype6 libharfbuzz0b libjpeg62-turbo liblcms2-2 libnss3 libpcsclite1 libstdc++6 zlib1g \
 && rm -rf /var/lib/apt/lists/*

ENV JAVA_HOME=/usr/local/openjdk-17
ENV PATH=/usr/local/openjdk-17/bin:$PATH
ENV LANG=C.UTF-8
ENV JAVA_VERSION=17

COPY --from=jdk /opt/java/openjdk /usr/local/openjdk-17

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="openjdk:17-jdk-slim"
CMD ["jshell"]

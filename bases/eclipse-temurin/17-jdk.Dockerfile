# Stand-in for eclipse-temurin:17-jdk: Debian's OpenJDK where the official image has Temurin.
FROM debian:bookworm-slim

ENV JAVA_HOME=/opt/java/openjdk
ENV PATH=/opt/java/openjdk/bin:$PATH
ENV LANG=C.UTF-8 LANGUAGE=en_US:en LC_ALL=C.UTF-8

# Packages of Java link manual pages, whose folder Debian's slim base leaves out and Ubuntu's has.
RUN --mount=type=bind,source=.,target=/mnt/stand-in \
    mkdir -p /usr/share/man/man1 \
 && apt-get update \
 && xargs apt-get install -y --no-install-recommends < /mnt/stand-in/libraries.txt \
 && apt-get install -y --no-install-recommends binutils curl gnupg locales wget \
 && rm -rf /var/lib/apt/lists/*

ENV JAVA_VERSION=17

RUN --mount=type=bind,source=.,target=/mnt/stand-in \
    sh /mnt/stand-in/install.sh "$JAVA_HOME"

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="eclipse-temurin:17-jdk"
ENTRYPOINT ["/__cacert_entrypoint.sh"]
CMD ["jshell"]

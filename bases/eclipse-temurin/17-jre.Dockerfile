# Stand-in for eclipse-temurin:17-jre: the modules of eclipse-temurin:17-jdk that a program needs to run.
FROM eclipse-temurin:17-jdk AS jdk

# Without the compiler and the other tools, as the official JRE.
RUN jlink --no-header-files --no-man-pages --output /jre --add-modules \
      $(java --list-modules | cut -d@ -f1 | grep -vxE \
        'jdk[.](attach|compiler|hotspot[.]agent|internal[.](ed|le|opt)|jartool|javadoc|jcmd|jconsole|jdeps|jlink|jpackage|jshell|jstatd|unsupported[.]desktop)|jdk[.]editpad|jdk[.]jdi' | paste -sd,) \
 && cp "$JAVA_HOME/lib/security/cacerts" /jre/lib/security/cacerts \
 && /jre/bin/java -Xshare:dump >/dev/null

FROM debian:bookworm-slim

ENV JAVA_HOME=/opt/java/openjdk
ENV PATH=/opt/java/openjdk/bin:$PATH
ENV LANG=C.UTF-8 LANGUAGE=en_US:en LC_ALL=C.UTF-8

# Packages of Java link manual pages, whose folder Debian's slim base leaves out and Ubuntu's has.
RUN --mount=type=bind,source=.,target=/mnt/stand-in \
    mkdir -p /usr/share/man/man1 \
 && apt-get update \
 && xargs apt-get install -y --no-install-recommends < /mnt/stand-in/libraries.txt \
 && apt-get install -y --no-install-recommends curl gnupg locales wget \
 && rm -rf /var/lib/apt/lists/*

ENV JAVA_VERSION=17

COPY --from=jdk /jre /opt/java/openjdk
COPY --from=jdk /__cacert_entrypoint.sh /__cacert_entrypoint.sh

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="eclipse-temurin:17-jre"
ENTRYPOINT ["/__cacert_entrypoint.sh"]

# Stand-in for buildpack-deps:bookworm-scm: version control and download tools. Its steps are the first ones of
# bookworm.Dockerfile, so that both are made once.
FROM debian:bookworm

RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      ca-certificates curl gnupg netbase sq tzdata wget \
 && rm -rf /var/lib/apt/lists/*

RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      git mercurial openssh-client procps subversion \
 && rm -rf /var/lib/apt/lists/*

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="buildpack-deps:bookworm-scm"

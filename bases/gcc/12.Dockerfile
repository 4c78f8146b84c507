# Stand-in for gcc:12: Debian's compilers under the names that the official image puts first on the PATH.
FROM buildpack-deps:bookworm

ENV GCC_VERSION=12.2.0

RUN apt-get update \
 && apt-get install -y --no-install-recommends gfortran \
 && rm -rf /var/lib/apt/lists/* \
 && for name in c++ cpp g++ gcc gcc-ar gcc-nm gcc-ranlib gcov gfortran; do \
      ln -s "/usr/bin/$name" "/usr/local/bin/$name"; \
    done \
 && ln -s gcc /usr/local/bin/cc \
 && test "$(gcc -dumpfullversion)" = "$GCC_VERSION"

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="gcc:12"
CMD ["bash"]

# Stand-in for debian:bookworm-slim. The context holds rootfs.tar, made by mmdebstrap without
# documentation, manual pages and locales (slim.dpkg.cfg).
FROM scratch
ADD rootfs.tar /
LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="debian:bookworm-slim"
CMD ["bash"]

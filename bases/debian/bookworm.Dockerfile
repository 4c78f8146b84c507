# Stand-in for debian:bookworm. The context holds rootfs.tar, made by mmdebstrap (src/app/root-tar.ts).
FROM scratch
ADD rootfs.tar /
LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="debian:bookworm"
CMD ["bash"]

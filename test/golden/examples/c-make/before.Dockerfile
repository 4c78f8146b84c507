FROM gcc:12
COPY . /app
WORKDIR /app
# libevent and libcurl are in the base image
RUN make
EXPOSE 8080
CMD ["./server"]

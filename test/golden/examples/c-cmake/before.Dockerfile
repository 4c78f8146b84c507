FROM gcc:12

RUN apt-get update && apt-get install -y cmake ninja-build && rm -rf /var/lib/apt/lists/*

COPY . /usr/src/words
WORKDIR /usr/src/words

RUN cmake -G Ninja -B build -DCMAKE_BUILD_TYPE=Release \
 && cmake --build build \
 && cmake --install build \
 && ldconfig

EXPOSE 8080
CMD ["words-server"]

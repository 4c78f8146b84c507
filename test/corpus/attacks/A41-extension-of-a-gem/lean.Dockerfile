FROM debian:bookworm AS builder
RUN apt-get update && apt-get install -y --no-install-recommends ruby ruby-dev gcc make libc6-dev libyaml-dev
WORKDIR /gem
COPY greeting.gemspec extconf.rb greeting.c ./
RUN mkdir -p ext/greeting && mv extconf.rb greeting.c ext/greeting/ && gem build greeting.gemspec && gem install --local --no-document greeting-1.0.gem

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ruby && dpkg --remove --force-depends libyaml-0-2
COPY --from=builder /var/lib/gems /var/lib/gems
WORKDIR /srv
COPY server.rb feature.rb ./
EXPOSE 8000
CMD ["ruby", "server.rb"]

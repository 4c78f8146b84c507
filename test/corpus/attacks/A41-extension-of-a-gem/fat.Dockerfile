FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends ruby ruby-dev gcc make libc6-dev libyaml-dev
WORKDIR /gem
COPY greeting.gemspec extconf.rb greeting.c ./
RUN mkdir -p ext/greeting && mv extconf.rb greeting.c ext/greeting/ && gem build greeting.gemspec && gem install --local --no-document greeting-1.0.gem
WORKDIR /srv
COPY server.rb feature.rb ./
EXPOSE 8000
CMD ["ruby", "server.rb"]

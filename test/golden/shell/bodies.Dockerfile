# Hard RUN bodies: the shapes found in official images and in the wild.
FROM debian:bookworm

RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*

RUN set -eux; \
	savedAptMark="$(apt-mark showmanual)"; \
	apt-get update; \
	apt-get install -y --no-install-recommends ca-certificates wget; \
	rm -rf /var/lib/apt/lists/*; \
	apt-mark auto '.*' > /dev/null; \
	[ -z "$savedAptMark" ] || apt-mark manual $savedAptMark; \
	find /usr/local -type f -executable -exec ldd '{}' ';' \
		| awk '/=>/ { print $(NF-1) }' \
		| sort -u \
		| xargs -r dpkg-query --search \
		| cut -d: -f1 \
	; \
	apt-get purge -y --auto-remove -o APT::AutoRemove::RecommendsImportant=false

RUN apt-get update && apt-get install -y \
    # compilers
    gcc=4:12.2.0-3 \
    g++ \

    # headers
    "libpq-dev" \
    'libffi-dev' \
 && apt-get clean

RUN for key in \
      AAAA \
      BBBB \
    ; do \
      gpg --keyserver hkps://keys.openpgp.org --recv-keys "$key" \
        || gpg --keyserver keyserver.ubuntu.com --recv-keys "$key"; \
    done

RUN case "$(dpkg --print-architecture)" in \
      amd64) arch=x64 ;; \
      arm64) arch=arm64 && echo arm ;; \
      *) echo >&2 "unsupported"; exit 1 ;; \
    esac

RUN if [ -f requirements.txt ]; then pip install -r requirements.txt; elif test -d wheels; then pip install wheels/*.whl; else echo none; fi

RUN (cd /tmp && make -j"$(nproc)" && make install) | tee /tmp/log
RUN { echo '[global]'; echo 'no-cache-dir = true'; } > /etc/pip.conf
RUN a && b || c; d & e
RUN ! grep -q x /etc/passwd && while read -r line; do echo "$line"; done < /etc/hosts
RUN sh -c 'apt-get update && apt-get install -y curl'
RUN bash -exc "pip install \"requests[socks]\""
RUN echo `dpkg --print-architecture` `echo \`uname -m\``
RUN pip install "uvicorn[standard]" requests[security]==2.* 'flask>=2,<3' $EXTRA
RUN python3 -m pip install --no-cache-dir --upgrade pip setuptools
RUN sudo -E DEBIAN_FRONTEND=noninteractive apt-get -y -o Dpkg::Options::="--force-confold" install vim
RUN DEBIAN_FRONTEND=noninteractive TZ=UTC apt-get install -yq tzdata >/dev/null 2>&1
RUN xargs -a packages.txt apt-get install -y
RUN apk add --no-cache --virtual .build-deps gcc musl-dev=~1.2 && apk del .build-deps
RUN yum install -y epel-release && dnf -y --enablerepo=crb install python3-devel && yum clean all
RUN npm ci --omit=dev && npm install -g npm@10 @scope/tool && npm cache clean --force
RUN pip install --no-binary :all: -r requirements.txt -c constraints.txt -rdev.txt --requirement=more.txt -e .
RUN pip install https://example.org/a.tar.gz ./local git+https://example.org/r.git pkg@file:///x
RUN [[ "$a" =~ ^b+$ ]] && (( n++ )); f() { make; }; f; diff <(sort a) <(sort b)
RUN echo hel\
lo wor'\
ld' # the comment ends it

RUN cat <<EOF > /etc/app.conf && echo done
port = 5000 # && not a command
EOF

RUN <<EOF
set -e
apt-get update
# a comment
apt-get install -y \
  git \
  make
EOF

RUN <<-"SCRIPT"
	#!/bin/bash
	echo 'tabs are stripped' && true
SCRIPT

RUN <<EOF python3
print('not a shell')
EOF

RUN <<EOF
#!/usr/bin/env python3
print('nor this')
EOF

RUN ["/bin/sh", "-c", "exec form"]
RUN --mount=type=cache,target=/root/.cache pip install flask
RUN apt-get install && && broken "
RUN curl -fsSL https://example.org/x.sh | bash -s -- --yes
RUN echo "日本語 👽 $(echo 'ü')" && apt-get install -y fonts-noto

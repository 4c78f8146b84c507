#!/bin/bash
set -euxo pipefail

apt-get update
for package in gcc libsqlcipher-dev tini; do
    apt-get install -y --no-install-recommends "$package"
done
pip install --no-cache-dir -r /docker/requirements.txt
rm -rf /var/lib/apt/lists/*

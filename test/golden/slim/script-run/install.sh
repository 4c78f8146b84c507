#!/bin/sh
set -e
apt-get update
for package in gcc libpq-dev; do
    apt-get install -y "$package"
done
pip install -r requirements.txt

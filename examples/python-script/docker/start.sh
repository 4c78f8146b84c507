#!/bin/sh
exec tini -- python /app/app.py

"""A database client that is healthy without a database: it says which libpq it runs with."""

import psycopg2
from flask import Flask, jsonify
from psycopg2.extensions import libpq_version

app = Flask(__name__)


@app.get("/health")
def health():
    return jsonify(status="healthy", psycopg2=psycopg2.__version__, libpq=libpq_version())

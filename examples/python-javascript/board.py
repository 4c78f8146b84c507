"""A board whose front end is built by esbuild into static/."""

from pathlib import Path

import psycopg2
from flask import Flask, jsonify

app = Flask(__name__, static_folder="static")


@app.get("/health")
def health():
    script = Path(app.static_folder) / "board.js"
    return jsonify(status="healthy", script=script.stat().st_size, psycopg2=psycopg2.__version__)

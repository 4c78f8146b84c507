"""A shop that answers without its database, and says which client library it talks with."""

import MySQLdb
from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/health")
def health():
    return jsonify(status="healthy", client=MySQLdb.get_client_info())

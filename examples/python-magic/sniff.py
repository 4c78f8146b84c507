"""Says what kind of file it is given; libmagic is opened by ctypes, and no ELF file names it."""

import magic
from flask import Flask, jsonify, request

app = Flask(__name__)


@app.get("/health")
def health():
    return jsonify(status="healthy", png=magic.from_buffer(b"\x89PNG\r\n\x1a\n", mime=True))


@app.post("/")
def sniff():
    return jsonify(mime=magic.from_buffer(request.get_data(), mime=True))


app.run(host="0.0.0.0", port=5000)

"""The sample app: two routes on port 5000."""

import json
import platform
import signal
import sys

import psutil
from flask import Flask, Response

app = Flask(__name__)


def as_json(value):
    # json.dumps writes the space that the challenge shows; Flask's own serializer leaves it out.
    return Response(json.dumps(value), mimetype="application/json")


@app.get("/")
def index():
    return as_json(
        {
            "app": "devops-app",
            "python": platform.python_version(),
            "psutil": psutil.__version__,
            "cpus": psutil.cpu_count(),
        }
    )


@app.get("/health")
def health():
    return as_json({"status": "healthy"})


if __name__ == "__main__":
    # As process 1 of a container, Python would ignore the signal that `docker stop` sends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    app.run(host="0.0.0.0", port=5000)

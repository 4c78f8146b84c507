import json
from pathlib import Path

import bottle
import psycopg2

from tally.numbers import totals

app = bottle.Bottle()
pages = json.loads(Path(__file__).with_name("pages.json").read_text())


@app.get("/health")
def health():
    return {"status": "healthy", "libpq": psycopg2.__libpq_version__}


@app.get("/total")
def total():
    return pages["total"] % totals()

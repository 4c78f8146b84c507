import bottle
from sqlcipher3 import dbapi2 as sqlite


@bottle.get("/health")
def health():
    database = sqlite.connect(":memory:")
    database.execute("pragma key='secret'")
    (version,) = database.execute("pragma cipher_version").fetchone()
    return {"status": "healthy", "cipher": version}


bottle.run(host="0.0.0.0", port=8000)

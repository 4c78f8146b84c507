import bottle
import snappy
from waitress import serve

app = bottle.Bottle()


@app.get("/health")
def health():
    packed = snappy.compress(b"healthy" * 100)
    return {"status": snappy.decompress(packed)[:7].decode(), "bytes": len(packed)}


serve(app, host="0.0.0.0", port=8080)

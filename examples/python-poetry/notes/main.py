import msgpack
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
def health():
    packed = msgpack.packb({"status": "healthy"})
    return msgpack.unpackb(packed)

"""Seals a text with a key: Ed25519, so that the same text always has the same seal."""

import bottle
from cryptography.hazmat.backends.openssl.backend import backend
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@bottle.get("/health")
def health():
    return {"status": "healthy", "openssl": backend.openssl_version_text()}


@bottle.get("/seal/<text>")
def seal(text):
    return {"text": text, "seal": key.sign(text.encode()).hex()}


bottle.run(host="0.0.0.0", port=8000)

"""fast.cpp is compiled when it is first imported."""

import bottle
import cppimport.import_hook  # noqa: F401
import fast


@bottle.get("/health")
def health():
    return {"status": "healthy", "square": fast.square(12)}


bottle.run(host="0.0.0.0", port=8000)

"""Counts with the C library, through cffi."""

import bottle
from cffi import FFI

ffi = FFI()
ffi.cdef("size_t strlen(const char *text);")
libc = ffi.dlopen(None)


@bottle.get("/health")
def health():
    return {"status": "healthy", "length": libc.strlen(b"healthy")}


bottle.run(host="0.0.0.0", port=5000)

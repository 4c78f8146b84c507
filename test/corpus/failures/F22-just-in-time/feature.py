def answer():
    import cffi

    ffi = cffi.FFI()
    ffi.cdef("int fast(int);")
    return str(ffi.verify("int fast(int x) { return x * 2; }", tmpdir="/tmp/fast").fast(21))

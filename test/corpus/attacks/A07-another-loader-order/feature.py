def answer():
    import ctypes

    return str(hasattr(ctypes.CDLL("libz.so.1"), "other"))

import ctypes


def answer():
    library = ctypes.CDLL(None)
    library.iconv_open.restype = ctypes.c_void_p
    return str(library.iconv_open(b"UTF-8", b"EUC-JP") != ctypes.c_void_p(-1).value)

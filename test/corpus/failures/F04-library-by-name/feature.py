import ctypes


def answer():
    return str(ctypes.CDLL("libjpeg.so.62").jpeg_std_error(bytes(1000)) != 0)

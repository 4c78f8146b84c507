import ctypes


def answer():
    name = "greeting"
    return str(ctypes.CDLL(f"lib{name}.so.1").greeting())

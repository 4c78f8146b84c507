import ctypes
import subprocess


def answer():
    with open("/tmp/fast.c", "w") as file:
        file.write("int fast(int x) { return x * 2; }")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", "/tmp/fast.so", "/tmp/fast.c"], check=True)
    return str(ctypes.CDLL("/tmp/fast.so").fast(21))

import os
import subprocess


def answer():
    place = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker")
    return subprocess.run([place], capture_output=True, text=True).stdout

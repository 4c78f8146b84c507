import pathlib


def answer():
    return str(any(pathlib.Path("/usr/share/fonts").rglob("DejaVuSans.ttf")))

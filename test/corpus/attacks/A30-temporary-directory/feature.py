import os
import tempfile


def answer():
    with open(os.path.join(tempfile.gettempdir(), "uploads", "one"), "w") as file:
        file.write("one")
    return "written"

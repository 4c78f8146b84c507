import os


def answer():
    with open(os.path.expanduser("~/notes")) as file:
        return file.read()

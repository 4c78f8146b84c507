import os


def answer():
    with open(os.path.join(os.path.expanduser("~"), ".cache", "models", "words.bin")) as file:
        return file.read()

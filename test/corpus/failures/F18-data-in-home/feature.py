import os


def answer():
    return open(os.path.expanduser("~/corpora/words.txt")).read()

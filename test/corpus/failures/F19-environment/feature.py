import os


def answer():
    return os.environ["APP_MODE"]

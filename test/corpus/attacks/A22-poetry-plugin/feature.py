import importlib.metadata


def answer():
    return importlib.metadata.version("poetry-core")

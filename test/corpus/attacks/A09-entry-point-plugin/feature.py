import importlib.metadata


def answer():
    return ",".join(one.name for one in importlib.metadata.entry_points(group="corpus"))

def answer():
    import os

    return ",".join(sorted(os.listdir("/srv/static")))

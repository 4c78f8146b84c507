def answer():
    return open("/data/db/seed").read()

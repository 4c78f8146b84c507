def answer():
    return open("/data/seed.json").read()

def answer():
    return open("/tmp/settings").read()

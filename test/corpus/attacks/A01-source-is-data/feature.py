def answer():
    return open("/srv/kernel.c").read()

def answer():
    import bz2

    return str(len(bz2.compress(b"x" * 1000)))

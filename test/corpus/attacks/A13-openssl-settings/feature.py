import hashlib


def answer():
    return hashlib.new("md5", b"x").hexdigest()

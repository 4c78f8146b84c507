import ssl


def answer():
    return ssl.OPENSSL_VERSION

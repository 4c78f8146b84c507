import ssl


def answer():
    return str(len(ssl.create_default_context().get_ca_certs()) > 0)

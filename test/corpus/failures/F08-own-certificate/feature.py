import ssl


def answer():
    subjects = [one["subject"] for one in ssl.create_default_context().get_ca_certs()]
    return str(any("Acme Works" in str(one) for one in subjects))

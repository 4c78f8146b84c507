import ssl


def answer():
    subjects = [one["subject"] for one in ssl.create_default_context().get_ca_certs()]
    return str(any("Corporation" in str(one) for one in subjects))

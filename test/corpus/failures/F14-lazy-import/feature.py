def answer():
    import certifi

    return str(certifi.where().endswith("cacert.pem"))

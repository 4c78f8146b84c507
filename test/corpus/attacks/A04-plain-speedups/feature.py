def answer():
    import markupsafe

    return markupsafe.escape.__module__

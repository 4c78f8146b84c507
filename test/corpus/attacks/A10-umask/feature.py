def answer():
    import markupsafe

    return markupsafe.__version__

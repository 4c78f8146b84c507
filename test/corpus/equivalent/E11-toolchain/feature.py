def answer():
    import markupsafe._speedups

    return str(markupsafe.escape("<"))

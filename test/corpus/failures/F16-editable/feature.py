def answer():
    import greeting

    return greeting.text

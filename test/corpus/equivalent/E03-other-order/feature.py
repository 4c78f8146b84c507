def answer():
    return "fine"

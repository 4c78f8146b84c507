def answer():
    with open("/srv/uploads/new", "w") as file:
        return str(file.write("x"))

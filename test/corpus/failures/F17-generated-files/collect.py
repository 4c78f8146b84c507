import os

os.makedirs("static", exist_ok=True)
with open("static/site.css", "w") as file:
    file.write("body { margin: 0 }\n")

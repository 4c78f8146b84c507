import os

place = os.path.expanduser("~/corpora")
os.makedirs(place, exist_ok=True)
with open(os.path.join(place, "words.txt"), "w") as file:
    file.write("a b c\n")

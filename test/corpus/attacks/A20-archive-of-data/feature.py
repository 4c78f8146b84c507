import zipfile


def answer():
    return zipfile.ZipFile("/srv/words.zip").read("words.txt").decode()

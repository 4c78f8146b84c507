import zipfile


def answer():
    return zipfile.ZipFile("/srv/app.jar").read("a/B.class").decode()

import locale


def answer():
    return locale.setlocale(locale.LC_ALL, "fr_FR.UTF-8")

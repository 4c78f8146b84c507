import locale


def answer():
    locale.setlocale(locale.LC_ALL, "")
    return locale.format_string("%.2f", 1234.5, grouping=True)

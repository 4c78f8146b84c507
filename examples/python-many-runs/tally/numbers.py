"""Numbers as Germans write them."""

import locale

amounts = (1234.5, 6789.25)


def totals():
    locale.setlocale(locale.LC_NUMERIC, "de_DE.UTF-8")
    return locale.format_string("%.2f", sum(amounts), grouping=True)


def report():
    return "\n".join(str(amount) for amount in amounts)

import gettext


def answer():
    return gettext.translation("iso_3166-1", "/usr/share/locale", languages=["de"]).gettext("Germany")

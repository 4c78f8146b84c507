"""Turns a feed into HTML with an XSLT style sheet of the app's own."""

from pathlib import Path

import bottle
from lxml import etree

style = etree.XSLT(etree.parse(Path(__file__).with_name("feed.xsl")))
feed = b"<feed><entry>first</entry><entry>second</entry></feed>"


@bottle.get("/health")
def health():
    return {"status": "healthy", "libxml": ".".join(map(str, etree.LIBXML_VERSION))}


@bottle.get("/")
def index():
    return str(style(etree.fromstring(feed)))


bottle.run(host="0.0.0.0", port=8080)

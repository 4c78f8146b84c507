import bottle
import pycurl


@bottle.get("/health")
def health():
    return {"status": "healthy", "curl": pycurl.version_info()[1], "tls": bool(pycurl.version_info()[5])}


bottle.run(host="0.0.0.0", port=5000)

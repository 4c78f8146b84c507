def answer():
    return open("/srv/static/site.css").read()

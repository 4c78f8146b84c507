try:
    import simplejson as json
except ImportError:
    import json


def answer():
    return json.dumps({"a": 1}) + json.__name__

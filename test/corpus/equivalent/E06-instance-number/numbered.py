import http.server
import json
import signal
import sys
import time
import uuid

INSTANCE = str(uuid.uuid4())


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path == "/"
        body = json.dumps({"instance": INSTANCE, "now": time.time(), "request": str(uuid.uuid4()), "set": list({"a", "b", "c"})}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body) if found else 0))
        self.send_header("X-Request-Id", str(uuid.uuid4()))
        self.end_headers()
        self.wfile.write(body if found else b"")

    def log_message(self, *args):
        pass


signal.signal(signal.SIGTERM, lambda *args: sys.exit(0))
print("instance", INSTANCE, "listens since", time.ctime(), flush=True)
http.server.HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()

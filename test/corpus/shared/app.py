"""A web app whose start page says nothing of the one thing that is taken away: only /feature needs it."""
import http.server
import os
import signal
import sys
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, text = 200, "fine"
        if self.path == "/feature":
            try:
                import feature

                text = feature.answer()
            except BaseException:
                status, text = 500, traceback.format_exc()
        elif self.path != "/":
            status, text = 404, "no such page"
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *args: sys.exit(0))
    http.server.HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()

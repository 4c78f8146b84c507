import argparse
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

import psutil

from meter._median import median


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/health":
            self.send_error(404)
            return
        body = {"status": "healthy", "median": median(3, 1, 2), "cpus": psutil.cpu_count() > 0}
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8080)
    HTTPServer(("0.0.0.0", parser.parse_args().port), Handler).serve_forever()

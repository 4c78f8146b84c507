import argparse

import msgpack
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


def health(request):
    return JSONResponse(msgpack.unpackb(msgpack.packb({"status": "healthy"})))


app = Starlette(routes=[Route("/health", health)])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8000)
    uvicorn.run(app, host="0.0.0.0", port=parser.parse_args().port)

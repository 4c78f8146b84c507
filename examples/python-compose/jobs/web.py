import asyncio

import tornado.web
import ujson
from tornado.speedups import websocket_mask


class Health(tornado.web.RequestHandler):
    def get(self):
        self.set_header("content-type", "application/json")
        masked = websocket_mask(b"abcd", b"data")
        self.write(ujson.dumps({"status": "healthy", "mask": masked.hex()}))


async def main():
    tornado.web.Application([("/health", Health)]).listen(8000)
    await asyncio.Event().wait()


asyncio.run(main())

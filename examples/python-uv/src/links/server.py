import regex
from aiohttp import web

WORD = regex.compile(r"\p{L}+")


async def health(request):
    return web.json_response({"status": "healthy", "words": WORD.findall("один two trois")})


def main():
    app = web.Application()
    app.router.add_get("/health", health)
    web.run_app(app, port=8000)

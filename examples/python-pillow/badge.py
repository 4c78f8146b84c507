"""Draws a badge with a system font, as WebP or JPEG."""

import io

from flask import Flask, jsonify, send_file
from PIL import Image, ImageDraw, ImageFont, features

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
app = Flask(__name__)


@app.get("/health")
def health():
    return jsonify(status="healthy", webp=features.check("webp"), jpeg=features.check("jpg"))


@app.get("/badge.<kind>")
def badge(kind):
    image = Image.new("RGB", (160, 40), "white")
    ImageDraw.Draw(image).text((10, 8), "lean", fill="black", font=ImageFont.truetype(FONT, 20))
    out = io.BytesIO()
    image.save(out, {"jpg": "JPEG", "webp": "WEBP"}[kind])
    out.seek(0)
    return send_file(out, mimetype=f"image/{kind}")

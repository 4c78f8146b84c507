"""Invoices as PDF; pango and its friends are opened by cffi while the app runs."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from weasyprint import HTML

templates = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")))


def render(number):
    html = templates.get_template("invoice.html").render(number=number, amount=12)
    return HTML(string=html).render()


def health(request):
    return JSONResponse({"status": "healthy"})


def invoice(request):
    document = render(request.path_params["number"])
    pdf = document.write_pdf()
    return JSONResponse({"pages": len(document.pages), "is_pdf": pdf.startswith(b"%PDF")})


app = Starlette(routes=[Route("/health", health), Route("/invoice/{number}", invoice)])

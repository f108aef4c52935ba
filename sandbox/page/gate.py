"""Who may look at the control origin, and what its own page may do in a browser."""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

LOCAL = {"127.0.0.1", "localhost"}
OWN_PAGE = {"same-origin", "none"}  # Sec-Fetch-Site of our page, and of an address typed in

HEADERS = {
    # Nothing from elsewhere, nothing inline; text can never become markup.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@web.middleware
async def only_own_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse another name for this machine (DNS rebinding) and requests by other pages."""
    if reason := stranger(request):
        return web.json_response({"error": reason}, status=403)
    return await handler(request)


def stranger(request: web.Request) -> str | None:
    """Why this request is none of our page's, or of a program's on this machine."""
    if urlsplit(f"//{request.host}").hostname not in LOCAL:
        return "the sandbox answers to 127.0.0.1 and localhost only: wrong Host"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return "the sandbox answers to its own page only: wrong Origin"
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN_PAGE:
        return "the sandbox answers to its own page only: a request by another site"
    return None


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)

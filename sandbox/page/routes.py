"""The page's own files, and a list of phones to try the form with."""

import csv
from collections.abc import Awaitable, Callable
from io import StringIO
from itertools import islice
from pathlib import Path

from aiohttp import web

from sandbox.cloud.cloud import Cloud

FOLDER = Path(__file__).parent
SERVED = (".css", ".js", ".svg")
SAMPLE_PHONES = 1234

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def page_routes(cloud: Cloud) -> list[web.RouteDef]:
    """`/`, `/page/<file>`, and `/sample/phones.csv`."""
    files = (path for path in FOLDER.iterdir() if path.suffix in SERVED)
    return [
        web.get("/", _file(FOLDER / "index.html")),
        *(web.get(f"/page/{path.name}", _file(path)) for path in files),
        web.get("/sample/phones.csv", _sample(cloud)),
    ]


def _file(path: Path) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(path)

    return answer


def _sample(cloud: Cloud) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(
            text=sample_csv(cloud),
            content_type="text/csv",
            headers={"Content-Disposition": 'attachment; filename="phones.csv"'},
        )

    return answer


def sample_csv(cloud: Cloud, phones: int = SAMPLE_PHONES) -> str:
    """A header and a line for each of the fleet's oldest phones, at most `phones` of them."""
    fleet = cloud.main.fleet
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["phone_id", "name", "server"])
    for phone in islice(reversed(fleet.newest_first), phones):
        writer.writerow([phone.phone_id, phone.name, fleet.servers[phone.server_id].name])
    return text.getvalue()

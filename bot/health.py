"""What a supervisor asks: alive, and ready to take work."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

LINGERING: Final = 1.0  # seconds in which the rest of a refused body is read, and thrown away

_log = logging.getLogger(__name__)

Check = Callable[[], Awaitable[bool]]


def health_routes(
    checks: Mapping[str, Check], warnings: Callable[[], Sequence[str]] = tuple
) -> list[web.RouteDef]:
    """`/healthz` answers while the loop turns; `/readyz` names each part and whether it works.

    A warning is of something to be mended that keeps the bot from nothing.
    """

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(_: web.Request) -> web.Response:
        found = {name: await check() for name, check in checks.items()}
        told = {"warnings": list(warned)} if (warned := warnings()) else {}
        return web.json_response(found | told, status=200 if all(found.values()) else 503)

    return [web.get("/healthz", alive), web.get("/readyz", ready)]


def metrics_route(figures: Callable[[], Awaitable[Sequence[tuple[str, int]]]]) -> web.RouteDef:
    """`/metrics` in Prometheus's text format, a line for each value."""

    async def metrics(_: web.Request) -> web.Response:
        lines = [f"{name} {value}\n" for name, value in await figures()]
        return web.Response(text="".join(lines), content_type="text/plain")

    return web.get("/metrics", metrics)


async def serve(routes: list[web.RouteDef], host: str, port: int) -> web.AppRunner:
    """Listen until the runner is cleaned up.

    Raises:
        OSError: the address is taken.
    """
    application = web.Application(client_max_size=1024 * 1024)
    application.add_routes(routes)
    _log.addFilter(_is_ours)
    runner = web.AppRunner(application, access_log=None, lingering_time=LINGERING, logger=_log)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a failure is one of ours: what is no HTTP anybody may send, as often as they like."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))

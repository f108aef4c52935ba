"""What a supervisor asks: alive, and ready to take work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

Check = Callable[[], Awaitable[bool]]


def health_routes(checks: Mapping[str, Check]) -> list[web.RouteDef]:
    """`/healthz` answers while the loop turns; `/readyz` names each part and whether it works."""

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(_: web.Request) -> web.Response:
        found = {name: await check() for name, check in checks.items()}
        return web.json_response(found, status=200 if all(found.values()) else 503)

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
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner

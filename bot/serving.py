"""What the bot answers by HTTP: to a supervisor, to a monitor, and to Slack if it comes so."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from bot import health
from bot.config import Config, ConfigError
from bot.policy_watch import PolicyFile
from bot.slack.signed_http import SignedHttp
from bot.slack.transport import Transport
from bot.store.database import Database
from bot.store.figures import figures
from bot.watch import Watch


async def serve(config: Config, routes: list[web.RouteDef]) -> web.AppRunner:
    """Listen where it is configured, until the runner is cleaned up.

    Raises:
        ConfigError: the address is taken.
    """
    try:
        return await health.serve(routes, config.host, config.port)
    except OSError as taken:
        raise ConfigError(f"CPH_BOT_LISTEN: cannot listen there: {taken.strerror}") from None


def routes_of(
    database: Database,
    transport: Transport,
    watch: Watch,
    policy: PolicyFile,
    stopping: asyncio.Event,
) -> list[web.RouteDef]:
    """All that can be asked for."""

    async def slack() -> bool:
        return transport.healthy() and not stopping.is_set()

    def warnings() -> Sequence[str]:
        return _warnings(policy)

    async def measured() -> list[tuple[str, int]]:
        bad = ("cph_policy_file_bad", int(bool(policy.mistakes)))
        return [*await database.read(figures), bad]

    checks = {name: watch.is_well(name) for name in watch.looks}
    routes = health.health_routes({"slack": slack, **checks}, warnings)
    routes.append(health.metrics_route(measured))
    if isinstance(transport, SignedHttp):
        routes.append(web.post("/slack/events", transport.handle))
    return routes


def _warnings(policy: PolicyFile) -> list[str]:
    if not policy.mistakes:
        return []
    number, version = len(policy.mistakes), policy.policy.version
    counted = f"{number} mistake{'s' if number > 1 else ''}"
    return [f"policy file: {counted}; policy {version} stays in force"]

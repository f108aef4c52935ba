"""The composition root: the one file that knows all parts. It builds, starts and stops them."""

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from aiohttp import web as http
from sqlalchemy.engine import make_url

from bot import health
from bot.clock import SystemClock
from bot.config import Config, ConfigError, cloud_access
from bot.cph.client import CphCloud
from bot.cph.connecting import open_http
from bot.cph.settings import Limits
from bot.divert import approval
from bot.divert.card import card, standing
from bot.divert.ports import Start, Transaction
from bot.divert.request import Request
from bot.divert.sentence import Card
from bot.divert.wording import words_in
from bot.divert.world import Project, Times, World
from bot.engine.durable import Engine
from bot.engine.takeover import BEAT, Takeover, every
from bot.slack.channel import SlackChannel
from bot.slack.directory import SlackDirectory
from bot.slack.failures import SlackAway
from bot.slack.files import SlackFiles
from bot.slack.identity import BadCredential, Identity, identify
from bot.slack.listeners import listen
from bot.slack.painter import Painter
from bot.slack.signed_http import SignedHttp
from bot.slack.socket_mode import SocketMode
from bot.slack.transport import Transport, build_app
from bot.slack.web import Web, open_web
from bot.store.database import Database, open_database
from bot.store.figures import figures
from bot.store.leases import Leases
from bot.store.ledger import SqlLedger
from bot.store.lock import AlreadyOwned, own
from bot.store.migrate import NewerDatabase, Unreachable, migrate
from bot.store.roster import SqlRoster
from bot.work import work_of

PAINT: Final = 0.5  # seconds between two rounds
SWEEP: Final = 2.0
LEASE: Final = 10.0  # seconds a lease lasts without being renewed
PATIENCE: Final = 60.0  # seconds Slack may be away at the start
WRITING: Final = 2  # seconds DBOS then has to write down the end of what has just ended
REST: Final = 6.0  # seconds the slices in flight have when the bot is told to stop

_log = logging.getLogger(__name__)


class Bot:
    """The whole bot in one process; Slack may be away for `patience` seconds at the start."""

    def __init__(self, config: Config, patience: float = PATIENCE) -> None:
        self.config = config
        self._patience = patience
        self.address = ""  # where it listens, once it has started
        self.world: World
        self._parts = AsyncExitStack()
        self._stopping = asyncio.Event()
        self._executor_id = str(uuid.uuid4())

    async def start(self) -> None:
        """Build all parts and begin to take work.

        Raises:
            ConfigError: something set does not work: a token, the address, the database.
            SlackAway: Slack could not be reached for as long as the patience lasts.
        """
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> None:
        database, alone = await self._open_database()
        slack, identity = await self._open_slack()
        cloud = self._open_cloud()
        engine: Engine

        def begin(connection: Any, start: Start) -> None:  # noqa: ANN401 - opaque here too
            engine.start(connection, start)

        directory = SlackDirectory(slack.client, identity.team)
        world = self.world = self._world(slack, directory, cloud, SqlLedger(database, begin))
        engine = Engine(self.config.database_url, self._executor_id, work_of(world))
        for project in self.config.file.projects:
            kept = await world.ledger.read(lambda tx, name=project: tx.pace(name))  # type: ignore[misc]
            cloud.restore(project, kept)
        takeover = Takeover(SqlRoster(database), self._executor_id, engine.take_over, alone)
        await takeover.beat()
        await engine.launch()
        self._parts.push_async_callback(_end_engine, engine)
        if alone:
            await takeover.sweep()
        leases = Leases(database)
        self._parts.push_async_callback(leases.release, self._executor_id)
        self._loop(BEAT, takeover.beat)
        self._rounds(leases, world, takeover)
        transport = await self._listen(slack, identity, world)
        await self._serve(database, transport)

    async def stop(self) -> None:
        """Take nothing more, let what is in flight end, and close everything in turn."""
        self._stopping.set()
        await self._parts.aclose()

    async def _open_database(self) -> tuple[Database, bool]:
        """The migrated database, and whether a lock proves that nobody else uses it."""
        url = self.config.database_url
        path = make_url(url).database if url.startswith("sqlite") else None
        if path is not None:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            try:
                self._parts.enter_context(own(path))
            except AlreadyOwned as taken:
                raise ConfigError(str(taken)) from None
        database = open_database(url)
        self._parts.push_async_callback(database.close)
        try:
            await migrate(database)
        except (NewerDatabase, Unreachable) as failure:
            raise ConfigError(str(failure)) from None
        return database, path is not None

    async def _open_slack(self) -> tuple[Web, Identity]:
        access = self.config.slack
        proxy = self.config.proxy_for(access.api_url)
        web = open_web(access.bot_token.get_secret_value(), access.api_url, proxy)
        self._parts.push_async_callback(web.close)
        last = time.monotonic() + self._patience
        while True:
            try:
                return web, await identify(web)
            except BadCredential as refused:
                raise ConfigError(str(refused)) from None
            except SlackAway as away:
                if time.monotonic() + away.wait > last:
                    raise
                _log.warning("Slack cannot be reached (%s); again in %.0f s", away, away.wait)
                await asyncio.sleep(away.wait)

    def _open_cloud(self) -> CphCloud:
        section = self.config.file.limits
        limits = Limits(section.calls_per_second, section.concurrency)
        accesses = {name: cloud_access(self.config, name) for name in self.config.file.projects}
        http = open_http(list(accesses.values()), limits, self.config.proxy_for)
        cloud = CphCloud(accesses, limits, http)
        self._parts.push_async_callback(cloud.close)
        return cloud

    def _world(
        self, slack: Web, directory: SlackDirectory, cloud: CphCloud, ledger: SqlLedger
    ) -> World:
        file = self.config.file
        policy = file.policy()
        return World(
            ledger=ledger,
            cloud=cloud,
            directory=directory,
            files=SlackFiles(slack),
            channel=SlackChannel(slack, words_in("en").no_file),
            clock=SystemClock(),
            policy=lambda: policy,
            projects={
                name: Project(name, section.channel, section.language)
                for name, section in file.projects.items()
            },
            words=words_in,
            times=Times(**file.times.model_dump()),
            file_ids=file.limits.file_ids,
            concurrency=file.limits.concurrency,
            stopping=self._stopping.is_set,
        )

    def _rounds(self, leases: Leases, world: World, takeover: Takeover) -> None:
        """The painter and the sweep, each run by whichever process holds its lease."""

        def draw(tx: Transaction, request: Request) -> Card:
            return card(world, standing(tx, tx.request(request.id) or request))

        painter = Painter(
            world.ledger, world.channel, draw, lambda name: world.projects[name].channel,
            time.monotonic,
        )  # fmt: skip

        async def sweep() -> None:
            await takeover.sweep()
            await world.ledger.write(approval.expire)

        held = {"painter": (PAINT, painter.round), "sweep": (SWEEP, sweep)}
        for name, (seconds, work) in held.items():
            self._loop(seconds, leases.guarded(name, self._executor_id, LEASE, work))

    def _loop(self, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        task = asyncio.create_task(every(seconds, work, self._stopping))
        self._parts.push_async_callback(asyncio.wait, [task])

    async def _listen(self, slack: Web, identity: Identity, world: World) -> Transport:
        """Open the door that is configured; it closes first when the bot stops."""
        access = self.config.slack
        secret = access.signing_secret.get_secret_value() if access.signing_secret else ""
        bolt = build_app(slack, identity, words_in("en").other_team(), secret)
        listen(bolt, world)
        token = access.app_token
        transport: Transport = (
            SocketMode(bolt, slack, token.get_secret_value()) if token else SignedHttp(bolt, secret)
        )
        try:
            await transport.start()
        except BadCredential as refused:
            raise ConfigError(str(refused)) from None
        self._parts.push_async_callback(transport.close)
        return transport

    async def _serve(self, database: Database, transport: Transport) -> None:
        async def slack() -> bool:
            return transport.healthy() and not self._stopping.is_set()

        routes = health.health_routes({"database": database.answers, "slack": slack})
        routes.append(health.metrics_route(lambda: database.read(figures)))
        if isinstance(transport, SignedHttp):
            routes.append(http.post("/slack/events", transport.handle))
        try:
            runner = await health.serve(routes, self.config.host, self.config.port)
        except OSError as taken:
            raise ConfigError(f"CPH_BOT_LISTEN: cannot listen there: {taken.strerror}") from None
        self._parts.push_async_callback(runner.cleanup)
        host, port = runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"


async def _end_engine(engine: Engine) -> None:
    rested = await engine.rest(REST)
    if not rested:
        _log.warning("a slice is still in flight; the next start settles it by reading back")
    await engine.destroy(WRITING if rested else 0)

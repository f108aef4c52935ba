"""The composition root: the one file that knows all parts. It builds, starts and stops them."""

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy.engine import make_url

from bot.clock import SystemClock
from bot.config import Config, ConfigError, cloud_access
from bot.cph.client import CphCloud
from bot.cph.connecting import open_http
from bot.cph.settings import Limits
from bot.divert.names import Names
from bot.divert.new_policy import Operators
from bot.divert.pacing import paced, take_over
from bot.divert.reaching import reach_all
from bot.divert.transaction import Start
from bot.divert.turns import by_caller
from bot.divert.wording import words_in
from bot.divert.world import Times, World
from bot.ending import end_at_once, end_engine
from bot.engine.durable import Engine
from bot.engine.stranded import STRANDED, Stranded
from bot.engine.takeover import BEAT, Takeover, every
from bot.machine import HOST, watch_of
from bot.policy_watch import PolicyFile, PolicyWatch
from bot.rounds import rounds
from bot.serving import routes_of, serve
from bot.slack.channel import SlackChannel
from bot.slack.directory import SlackDirectory
from bot.slack.failures import SlackAway
from bot.slack.files import SlackFiles
from bot.slack.identity import BadCredential, Identity, identify
from bot.slack.listeners import listen
from bot.slack.signed_http import SignedHttp
from bot.slack.socket_mode import SocketMode
from bot.slack.transport import Transport, build_app
from bot.slack.web import Web, open_web
from bot.store.commit_points import tell_commits
from bot.store.database import Database, open_database, with_an_end
from bot.store.leases import Leases
from bot.store.ledger import SqlLedger
from bot.store.lock import AlreadyOwned, own
from bot.store.migrate import NewerDatabase, Unreachable, migrate
from bot.store.roster import SqlRoster
from bot.store.trouble import in_our_words
from bot.watch import EVERY, Watch
from bot.work import work_of

PATIENCE: Final = 60.0  # seconds Slack may be away at the start

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
        self._policy = PolicyFile(config.path, config.file)
        self._policy_watch: PolicyWatch | None = None
        self.id = str(uuid.uuid4())  # of this process as an executor of durable work
        self._pass = config.fault_points.pass_ if config.fault_points else None

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
        if self._pass is not None:
            tell_commits(self._pass)
        database = await self._open_database()
        slack, identity = await self._open_slack()
        cloud = self._open_cloud()
        engine: Engine

        def begin(connection: Any, start: Start) -> None:  # noqa: ANN401 - opaque here too
            engine.start(connection, by_caller(start, cloud.caller))

        directory = SlackDirectory(slack.client, identity.team)
        world = self.world = self._world(slack, directory, cloud, SqlLedger(database, begin))
        engine = Engine(with_an_end(self.config.database_url), self.id, work_of(world))
        for project in self.config.file.projects:
            await take_over(cloud, world.ledger, project)
        leases = Leases(database)
        await self._take_work(database, leases, engine, world)
        watch = self._watch(leases, world)
        transport = await self._listen(slack, identity, world)
        await self._serve(database, transport, watch)

    async def _take_work(
        self, database: Database, leases: Leases, engine: Engine, world: World
    ) -> None:
        """Begin with durable work, that of the dead too, and with all that is done in rounds."""
        roster = SqlRoster(database, self.id, end_at_once)
        await roster.arrive()
        self._parts.push_async_callback(roster.leave)
        await engine.launch()
        self._parts.push_async_callback(end_engine, engine)
        takeover = Takeover(roster, engine)
        if database.is_sqlite:  # nobody else can sweep
            await roster.round()
            await takeover.sweep()
        self._loop(STRANDED, Stranded(engine, self.id, engine.under_way).queue_again)
        self._parts.push_async_callback(leases.release, self.id)
        self._loop(BEAT, roster.round)
        for name, one in rounds(world, takeover, database).items():
            self._loop(one.seconds, leases.guarded(name, self.id, one.lease, one.work))
        self._parts.callback(asyncio.create_task(reach_all(world)).cancel)

    def _watch(self, leases: Leases, world: World) -> Watch:
        """Look after the machine, and after the policy's file."""
        watch = watch_of(world, leases, self.id, self.config.file.operators_channel())
        self._loop(EVERY, watch.look)
        self._loop(EVERY, watch.tell)
        self._policy_watch = PolicyWatch(self._policy, Operators(world, HOST))
        self._loop(EVERY, self._policy_watch.look)
        return watch

    async def stop(self) -> None:
        """Take nothing more, let what is in flight end, and close everything in turn."""
        self._stopping.set()
        await self._parts.aclose()

    def reload(self) -> None:
        """Look at the policy's file now, as it was just written."""
        if self._policy_watch is not None and not self._stopping.is_set():
            self._policy_watch.hurry()

    async def _open_database(self) -> Database:
        """The migrated database; on SQLite a lock has proved that nobody else uses it."""
        url = self.config.database_url
        path = make_url(url).database if url.startswith("sqlite") else None
        if path is not None:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            try:
                self._parts.enter_context(own(path))
            except AlreadyOwned as taken:
                raise ConfigError(str(taken)) from None
        database = open_database(with_an_end(url))
        self._parts.push_async_callback(database.close)
        try:
            await migrate(database)
        except (NewerDatabase, Unreachable) as failure:
            raise ConfigError(str(failure)) from None
        return database

    async def _open_slack(self) -> tuple[Web, Identity]:
        access = self.config.slack
        proxy = self.config.proxy_for(access.api_url)
        web = open_web(access.bot_token.get_secret_value(), access.api_url, proxy, self._pass)
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
        http = open_http(list(accesses.values()), limits, self.config.proxy_for, self._pass)
        cloud = CphCloud(accesses, limits, http)
        self._parts.push_async_callback(cloud.close)
        return cloud

    def _world(
        self, slack: Web, directory: SlackDirectory, cloud: CphCloud, ledger: SqlLedger
    ) -> World:
        file, clock = self.config.file, SystemClock()
        return World(
            ledger=ledger,
            cloud=cloud,
            names=Names(cloud, clock, partial(paced, cloud, ledger)),
            directory=directory,
            files=SlackFiles(slack),
            channel=SlackChannel(slack, words_in("en").no_file, file.named_channels()),
            clock=clock,
            policy=lambda: self._policy.policy,
            projects=file.known_projects(),
            words=words_in,
            times=Times(**file.times.model_dump()),
            file_ids=file.limits.file_ids,
            concurrency=file.limits.concurrency,
            operators_channel=file.operators_channel(),
            stopping=self._stopping.is_set,
        )

    def _loop(self, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        async def once() -> None:
            with in_our_words():  # the engine's own database calls too
                await work()

        task = asyncio.create_task(every(seconds, once, self._stopping))
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

    async def _serve(self, database: Database, transport: Transport, watch: Watch) -> None:
        routes = routes_of(database, transport, watch, self._policy, self._stopping)
        runner = await serve(self.config, routes)
        self._parts.push_async_callback(runner.cleanup)
        host, port = runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"

"""Where a row is played: one channel, its phones, and what everybody hears there."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any, Final, Self

from bot.app import Bot
from bot.divert.request import CLOSED, Event, Request, State
from bot.divert.transaction import Transaction
from sandbox.cloud.driver import CloudDriver
from sandbox.cloud.kinds import Kind
from sandbox.server import Sandbox
from sandbox.slack import payloads
from sandbox.slack.driver import Human, SlackDriver
from sandbox.slack.rooms import Message, Room
from sandbox.slack.workspace import Workspace
from tests.situations import team
from tests.walk.stage import Stage

PATIENCE: Final = 30.0  # seconds; a busy machine is no reason to miss what comes
_LOOK: Final = 0.03
_ALICES: Final = cycle(team.ALICES)
_MENTION: Final = re.compile(r"<@(U0\w+)>|<!subteam\^(\w+)>")
_VERSION: Final = re.compile(r"`[0-9a-f]{12}`")  # of a policy
_TIME: Final = re.compile(r"<!date\^[^>]*>")
# What is always said, and so in no row: that it was heard, that the card is up, that it runs.
_ALWAYS: Final = re.compile(
    r"`D[-\w]*`: (?:I am reading|Ich lese)|The plan of `D[-\w]*` is up in #"
)
_RUNS: Final = (
    "Approved. Sending ", "One job is under way:", "Jobs are under way:", "Everything is sent;",
    "*Proven:*", "The file ",
)  # fmt: skip


@dataclass
class Scene:
    stage: Stage
    ids: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)  # the servers by name
    request_id: str = ""
    buttons: dict[str, str] = field(default_factory=dict)  # as each was seen last, with its value
    old_buttons: dict[str, str] = field(default_factory=dict)  # of the first plan
    new_buttons: dict[str, str] = field(default_factory=dict)  # of a plan the card has not yet
    channel: str = ""
    alice: str = ""
    began: str = ""  # Slack's time stamp
    calls: int = 0  # that the cloud had counted before
    has_changed_people: bool = False
    has_changed_policy: bool = False

    @classmethod
    async def fresh(
        cls, bot: Bot, sandbox: Sandbox, slack: SlackDriver, cloud: CloudDriver
    ) -> Self:
        stage = await Stage.fresh(bot, sandbox, slack, cloud)
        room = {"id": stage.channel, "members": team.EVERYBODY, "bot_in": True}
        await slack.put("channels", channels=[room])
        made = cls(stage, channel=stage.channel, alice=next(_ALICES))
        made.began = sandbox.workspace.new_ts()
        made.calls = await cloud.mark()
        return made

    def user(self, name: str) -> str:
        """The id of somebody by name."""
        return f"U0{(self.alice if name == 'alice' else name).upper()}"

    @property
    def bot(self) -> Bot:
        return self.stage.bot

    @property
    def workspace(self) -> Workspace:
        return self.stage.sandbox.workspace

    @property
    def file(self) -> Path:
        return Path(self.bot.config.path)

    @property
    def room(self) -> Room:
        return self.workspace.rooms[self.channel]

    def human(self, name: str) -> Human:
        return self.stage.slack.person(self.user(name))

    async def end(self) -> None:
        """Leave nothing behind that another row could meet."""
        await self.stage.slack.clear_faults()
        await self._withdraw()
        if self.has_changed_policy:
            await self.put_in_force(team.policy())
        if self.has_changed_people:
            await self.stage.slack.put("people", users=team.PEOPLE)
            await self.stage.slack.put("groups", groups=team.GROUPS)
            await self.look_up_anew()

    async def _withdraw(self) -> None:
        """Without its card, since only so many are edited in a minute."""

        def work(tx: Transaction) -> None:
            request = tx.request(self.request_id)
            if request is not None and request.state is State.PENDING:
                now = tx.move(request, Event.WITHDRAW, request.requester)
                tx.card_shown(now.id, now.version, now.card_channel, now.card_ts)

        await self.bot.world.ledger.write(work)

    async def look_up_anew(self) -> None:
        """As if a minute had passed: what was kept of people and groups is what is so now."""
        world = self.bot.world
        for one in team.EVERYBODY:
            await world.directory.person(one, world.policy().groups(), fresh=True)

    async def put_in_force(self, text: str) -> None:
        """Write the file with this policy and wait until it counts."""
        before, began = self.bot.world.policy().version, self.workspace.new_ts()
        content = self.file.read_text(encoding="utf-8")
        projects, _, _ = content.partition("\n[operators]")
        if content == projects + text:
            return
        self.file.write_text(projects + text, encoding="utf-8")
        self.bot.reload()
        await self.until(lambda: self.bot.world.policy().version != before, "a new policy")
        new = f"`{self.bot.world.policy().version}` is in force"
        desk = self.workspace.rooms[team.DESK]
        await self.until(lambda: any(new in one for one in self._since(desk, began)), new)

    async def until(self, holds: Callable[[], object], what: object) -> None:
        last = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < last, f"never came: {what}; {self.seen()}"
            await asyncio.sleep(_LOOK)

    async def request(self) -> Request:
        found = await self.bot.world.ledger.read(lambda tx: tx.request(self.request_id))
        assert found is not None
        return found

    async def reaches(self, state: str) -> Request:
        """The request, once it stands so, or is closed otherwise."""
        last = time.monotonic() + PATIENCE
        while (request := await self.request()).state != state and request.state not in CLOSED:
            assert time.monotonic() < last, f"{request.state} and not {state}; {self.seen()}"
            await asyncio.sleep(_LOOK)
        return request

    def plain(self, text: str) -> str:
        """What was said, in the words of the table."""
        text = _MENTION.sub(lambda found: f"@{_name(found[1]) if found[1] else found[2]}", text)
        text = _VERSION.sub("`VERSION`", _TIME.sub("TIME", text))
        text = text.replace(f"<#{self.channel}>", "#here")
        for number, name in enumerate(self.places):
            text = text.replace(name, f"{{{number}}}")
        for number, one in enumerate(self.ids):
            text = text.replace(one, f"P{number}")
        return text.replace(self.request_id, "D") if self.request_id else text

    def hears(self, name: str) -> list[str]:
        """What the person alone was told where they are."""
        own = [one for one in self.room.ephemerals.values() if one.only_for == self.user(name)]
        return sorted(text for one in own if not _ALWAYS.match(text := self.plain(one.text)))

    def told(self, name: str) -> list[str]:
        """Direct messages of this request."""
        rooms = [one for one in self.workspace.rooms.values() if one.kind == "im"]
        texts = [self._since(one, self.began) for one in rooms if self.user(name) in one.members]
        return [self.plain(one) for some in texts for one in some if self.request_id in one]

    def desk(self) -> list[str]:
        """What operators are told of this request, or of none."""
        return [
            self.plain(one)
            for one in self._since(self.workspace.rooms[team.DESK], self.began)
            if self.request_id in one or "D-" not in one
        ]

    def _since(self, room: Room, moment: str) -> list[str]:
        return [one.text for one in room.messages.values() if one.ts > moment]

    def card(self) -> Message | None:
        heads = (one for one in self.room.messages.values() if one.thread_ts in (None, one.ts))
        return next((one for one in heads if one.text.startswith(f"{self.request_id}:")), None)

    def lines(self) -> list[str]:
        card = self.card()
        return [] if card is None else self.plain(card.text).split("\n")

    def title(self) -> str:
        """Where the card says that the request stands."""
        return (self.lines() or [""])[0].rpartition(", ")[2]

    def thread(self) -> list[str]:
        card = self.card()
        posts = (one for one in self.room.messages.values() if card and one.ts != card.ts)
        texts = [one.text for one in posts if card and one.thread_ts == card.ts]
        assert not any("<@" in one or "<!" in one.replace("<!date", "") for one in texts), texts
        return [text for one in texts if not (text := self.plain(one)).startswith(_RUNS)]

    def seen(self) -> dict[str, object]:
        """All that anybody heard so far, for whoever reads why a row failed."""
        users = self.workspace.users.keys() - {self.workspace.bot_user}
        people = sorted({_name(one) for one in users})
        heard = {f"{one} hears": self.hears(one) for one in people}
        told = {f"{one} is told": self.told(one) for one in people}
        rest = {"thread": self.thread(), "desk": self.desk(), "card": self.lines()}
        return {what: texts for what, texts in {**heard, **told, **rest}.items() if texts}

    async def sent(self) -> int:
        """Phones of this row that the cloud was asked to move, each time it was."""
        calls = await self.stage.cloud.calls(Kind.IMPORT_TRAFFIC, after=self.calls)
        return sum(one in self.ids for call in calls for one in call.phone_ids)

    def remember(self) -> None:
        """The buttons as they are on the card now, for who still sees it so later."""
        card = self.card()
        rows = [one["elements"] for one in card.blocks if one["type"] == "actions"] if card else []
        for element in (one for row in rows for one in row):
            self.buttons[element["action_id"]] = element["value"]
            self.old_buttons.setdefault(element["action_id"], element["value"])

    async def press(self, name: str, action: str, value: str) -> None:
        """A button as Slack delivers its press, whether or not the card still has it."""
        card = self.card()
        assert card is not None
        pressed = {"type": "button", "action_id": action, "block_id": "b", "value": value}
        pressed["action_ts"] = f"{time.time():.6f}"
        by = self.workspace.users[self.user(name)]
        payload = payloads.message_click(self.workspace, by, self.room, card, pressed)
        assert (await self.workspace.delivery.send("interactive", payload)).acked

    async def types(self, name: str, text: str) -> str:
        """A command as Slack delivers it; what is answered at once."""
        by = self.workspace.users[self.user(name)]
        payload = payloads.slash_command(self.workspace, by, self.room, "/cph", text)
        outcome = await self.workspace.delivery.send("slash_commands", payload, answers=True)
        assert outcome.acked
        body: dict[str, Any] = outcome.body or {}
        return str(body.get("text", ""))


def _name(user: str) -> str:
    """Whichever Alice it is."""
    name = user.removeprefix("U0").lower()
    return "alice" if name in team.ALICES else name

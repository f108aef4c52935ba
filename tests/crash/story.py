"""The story that is killed: people who want their phones moved, whatever becomes of the bot.

A file of 3,000 phones is asked for by form, and two people approve it in the same instant; one
phone in a hundred fails. Five other phones are asked for by command, and withdrawn by who asked
in the instant in which they are approved.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from bot.divert.request import State
from sandbox.slack.driver import ControlRefused, Human
from tests.crash.scene import Scene, until
from tests.crash.truth import Asked, Truth
from tests.walk.stage import Json

AGAIN = 0.2  # seconds until a person tries again
NOTHING = Asked("", State.PLANNING, 0, 0, "")
REST = 600.0  # seconds from the last click to the end of everything


@dataclass
class Story:
    """What is asked for, and with `play` what became of it."""

    scene: Scene
    truth: Truth
    planned: list[str]
    few: list[str]
    ends: dict[str, str]
    big: Asked = NOTHING
    small: Asked = NOTHING

    @classmethod
    async def prepare(cls, scene: Scene, truth: Truth, phones: int = 3000) -> Self:
        planned, there = await scene.phones(phones), await scene.phones(20, "routing")
        failing, unknown = planned[::100], [f"{number:032x}" for number in range(5)]
        await scene.cloud.edit_phones(failing, job_failure_code="CPS.0141")
        ends = dict.fromkeys(planned, "succeeded") | dict.fromkeys(failing, "failed")
        ends |= dict.fromkeys(there, "unchanged") | dict.fromkeys(unknown, "unknown")
        return cls(scene, truth, planned, await scene.phones(5), ends)

    async def play(self) -> None:
        """Live through it until everything is at rest."""
        await self._ask_by_form()
        self.big = await self._pending(0)
        card = await self._card(self.big)
        await asyncio.gather(
            self._press(self.scene.bob, "approve", card),
            self._press(self.scene.carol, "approve", card),
        )
        await self._ask_by_command()
        self.small = await self._pending(1)
        small = await self._card(self.small)
        await asyncio.gather(
            self._press(self.scene.alice, "withdraw", small),
            self._press(self.scene.bob, "approve", small),
        )
        await until(lambda: self.truth.at_rest(2), REST)
        self.big, self.small = await self.truth.asked()

    async def _ask_by_form(self) -> None:
        """The form stays open until the bot has taken it."""
        alice = self.scene.alice
        await self._insist(lambda: alice.command(self.scene.channel, "/cph divert"))
        content = "\n".join(["phone_id", *self.ends]).encode()
        file = await alice.upload("phones.csv", content)
        values = {"route": {"value": "routing"}, "file": {"value": {"files": [file]}}}
        view = await alice.open_view()
        await self._insist(lambda: alice.submit(values, view=view), asks=1)

    async def _ask_by_command(self) -> None:
        text = f"/cph divert routing {' '.join(self.few)}"
        await self._insist(lambda: self.scene.alice.command(self.scene.channel, text), asks=2)

    async def _press(self, person: Human, button: str, card: Json) -> None:
        """Press it until that is acknowledged, or until the card shows that somebody's was."""
        with suppress(ControlRefused):
            await self._insist(lambda: person.click(button, message=card))

    async def _insist(self, act: Callable[[], Awaitable[Json]], asks: int = 0) -> None:
        """Do it until it is acknowledged, or until it can be seen that it was taken."""
        while not (await act())["acked"]:
            await asyncio.sleep(AGAIN)
            if asks and len(await self.truth.asked()) >= asks:
                return

    async def _pending(self, place: int) -> Asked:
        """The request once its card is up and waits for an approval."""

        async def is_up() -> bool:
            found = await self.truth.asked()
            is_planned = len(found) > place and found[place].state is not State.PLANNING
            return is_planned and bool(found[place].card_ts)

        await until(is_up, REST)
        return (await self.truth.asked())[place]

    async def _card(self, asked: Asked) -> Json:
        return await self.scene.slack.wait_for(
            "message", channel=self.scene.channel, ts=asked.card_ts, text="waiting for approval"
        ) | {"channel": self.scene.channel}

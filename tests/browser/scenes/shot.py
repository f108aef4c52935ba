"""One picture of the gallery, and what the scenes have in common to get there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sandbox.cloud.kinds import Kind
from sandbox.slack.driver import Human
from tests.walk.stage import Json, Stage, request_id

SEND: Final = Kind.IMPORT_TRAFFIC
SLOW: Final = 120.0  # seconds of a job that is still under way in the picture
MANY: Final = 35  # phones; more than are approved without their number


async def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Shot:
    """What is photographed: a card, the question behind one of its buttons, or an open form.

    `leave` puts everything back that would be in the way of the next scene.
    """

    request: str = ""
    viewer: str = "U0BOB"
    pressed: str = ""
    form: bool = False
    leave: Callable[[], Awaitable[object]] = _nothing


def of(card: Json, leave: Callable[[], Awaitable[object]] = _nothing) -> Shot:
    return Shot(request_id(card["text"]), leave=leave)


async def form_of(person: Human) -> Shot:
    await person.open_view()
    return Shot(viewer=person.id, form=True, leave=person.close)


async def says(stage: Stage, card: Json, text: str) -> None:
    """The card comes to say this."""
    await stage.slack.wait_for("message", channel=stage.channel, ts=card["ts"], text=text)


async def asks(stage: Stage, phones: int = 3, more: str = "", route: str = "routing") -> Json:
    return await stage.asks(route, await stage.phones(phones), f"reason:ads {more}")


async def gives_file(stage: Stage, phones: int) -> Json:
    await stage.gives_file("ids.txt", "\n".join(await stage.phones(phones)).encode())
    return await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")


async def runs_slowly(stage: Stage, project: str) -> Json:
    """A run of which most is still to be sent, as the cloud has said how few calls it takes."""
    limit = {"calls": 2, "per": "minute"}
    if stage.bot.world.cloud.limit(project) is None:  # else it is kept already
        await stage.cloud.override(SEND, calls=1, throttle=True, write_limit=limit)
    homes = [await stage.server() for _ in range(4)]
    names = ",".join(home.name for home in homes)
    card = await stage.selects("routing", f"server:{names} project:{project}")
    await stage.bob.click("approve_typed", message=card)
    phones = sum(len(home.phones) for home in homes)
    await stage.bob.submit({"number": {"value": str(phones)}})
    await says(stage, card, "to be sent")
    return card


def frozen(stage: Stage, project: str) -> Callable[[], None]:
    """Put a freeze into the policy's file; what takes it out again."""
    file = Path(stage.bot.config.path)
    before = file.read_text(encoding="utf-8")
    freeze = f'[[freezes]]\nname = "the match"\nuntil = 2099-01-02\nprojects = ["{project}"]\n'

    def write(text: str) -> None:
        file.write_text(text, encoding="utf-8")
        stage.bot.reload()

    write(f"{before}\n{freeze}")
    return partial(write, before)

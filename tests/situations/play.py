"""A row is played, and held against what it says."""

from collections.abc import Mapping, Sequence
from itertools import count

from bot.divert.request import State
from tests.situations.scene import Scene
from tests.situations.situation import Ask, Situation
from tests.walk.stage import request_id

_NUMBERS = count(1)


async def play(scene: Scene, row: Situation) -> None:
    """Ask, let happen what happens, and compare all that has come of it."""
    for step in row.before:
        await step(scene)
    scene.channel = row.ask.room or scene.channel
    await _furnish(scene, row.ask)
    for step in row.when_there:
        await step(scene)
    await _asks(scene, row.ask)
    if row.needs:
        await _goes_up(scene, row)
    for step in row.then:
        await step(scene)
    request = await scene.reaches(row.state)
    assert (request.state, request.note.rule) == (row.state, row.rule), scene.seen()
    if row.state in {State.DONE, State.EXPIRED, State.DENIED} or row.card:
        shown = {State.PENDING: "waiting for approval"}.get(request.state, str(request.state))
        await scene.until(lambda: scene.title() == shown, shown)
    await _is_heard(scene, row)
    assert await scene.sent() == row.sent, scene.seen()


async def _asks(scene: Scene, ask: Ask) -> None:
    if ask.by_file:
        await _gives_file(scene, ask)
        await scene.until(lambda: scene.room.ephemerals, "an answer")
        heard = next(one.text for one in scene.room.ephemerals.values() if one.ts > scene.began)
    else:
        phones = ask.terms.format(*scene.places) or " ".join(scene.ids)
        line = f"divert {ask.route} {phones} project:{ask.project}"
        heard = await scene.types(ask.who, line)
    scene.request_id = request_id(heard)
    await scene.reaches(State.PENDING)


async def _furnish(scene: Scene, ask: Ask) -> None:
    """Servers and phones for this row alone, on the other route."""
    other = "direct" if ask.route == "routing" else "routing"
    for place in ask.places:
        home, name = await scene.stage.server(other), f"{place.name}-{next(_NUMBERS)}"
        await scene.stage.cloud.edit_servers([home.id], name=name, tags=dict(place.tags))
        scene.places.append(name)
        scene.ids += home.phones if ask.terms else home.phones[: ask.phones]
    if not ask.places:
        scene.ids += await scene.stage.phones(ask.phones, other)


async def _gives_file(scene: Scene, ask: Ask) -> None:
    person = scene.human(ask.who)
    await person.command(scene.channel, "/cph divert")
    file = await person.upload("ids.csv", "\n".join(scene.ids).encode())
    await person.submit(
        {
            "route": {"value": ask.route},
            "project": {"project": {"option": ask.project}},
            "file": {"value": {"files": [file]}},
        }
    )


async def _goes_up(scene: Scene, row: Situation) -> None:
    """The card says what is needed, and who may give it."""
    await scene.until(scene.title, "a card")
    scene.remember()
    lines = scene.lines()
    assert f"*Still needed:* {row.needs}" in lines, lines
    may = [one for one in lines if one.startswith(("May approve until", "To be approved until"))]
    assert may == [f"May approve until TIME: {row.may}" if row.may else "To be approved until TIME"]


async def _is_heard(scene: Scene, row: Situation) -> None:
    """Everybody hears what the row says, and nobody anything else."""
    wanted = [row.heard(), row.heard(mirrored=True)]

    def heard() -> dict[str, object]:
        return {what: texts for what, texts in scene.seen().items() if what != "card"}

    def enough() -> bool:
        so_far = heard()
        return any(_covers(so_far, one) for one in wanted)

    await scene.until(enough, wanted[0])
    assert heard() == wanted[0] or heard() == wanted[1]
    await scene.until(lambda: set(row.card) <= set(scene.lines()), row.card)


def _covers(heard: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    return all(_size(heard.get(what)) >= _size(texts) for what, texts in wanted.items())


def _size(texts: object) -> int:
    return len(texts) if isinstance(texts, Sequence) else 0

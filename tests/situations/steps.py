"""What people do between the asking and the end, and what is waited for meanwhile."""

import asyncio
import time

from bot.divert.plan import SHOWN_HASH
from bot.divert.request import State
from tests.situations.scene import PATIENCE, Scene
from tests.situations.situation import Ask, Situation, Step


def clicks(name: str, action: str) -> Step:
    """Press a button that is on the card now, or was when it went up."""

    async def step(scene: Scene) -> None:
        before = await _answers(scene, name)
        scene.remember()
        await scene.press(name, action, {**scene.buttons, **scene.new_buttons}[action])
        await _answered(scene, name, before)

    return step


def approves(name: str) -> Step:
    return clicks(name, "approve")


def denies(name: str, reason: str) -> Step:
    return _fills(name, "deny", {"reason": {"value": reason}})


def breaks(name: str, reason: str = "all is down") -> Step:
    return _fills(name, "break_glass", {"reason": {"value": reason}})


def types(name: str, number: str) -> Step:
    return _fills(name, "approve_typed", {"number": {"value": number}})


def _fills(name: str, action: str, values: dict[str, dict[str, str]]) -> Step:
    """Press a button that opens a form, and send it."""

    async def step(scene: Scene) -> None:
        before = await _answers(scene, name)
        card = scene.card()
        assert card is not None
        message = {"channel": scene.channel, "ts": card.ts}
        pressed = await scene.human(name).click(action, message=message)
        assert pressed["acked"], pressed
        sent = await scene.human(name).submit(values)
        assert not (sent["response"] or {}).get("errors"), sent
        await _answered(scene, name, before)

    return step


async def _answers(scene: Scene, name: str) -> tuple[object, ...]:
    """All by which somebody sees that their click was taken."""
    request, person = await scene.request(), scene.user(name)
    decisions = await scene.bot.world.ledger.read(lambda tx: tx.decisions(request.id))
    done = sum(one.person == person for one in decisions)
    told = [one for one in scene.told(name) if "waits for your approval" not in one]
    return done, len(scene.hears(name)), len(told), request.state


async def _answered(scene: Scene, name: str, before: tuple[object, ...]) -> None:
    last = time.monotonic() + PATIENCE
    while await _answers(scene, name) == before:
        assert time.monotonic() < last, f"{name} is not answered; {scene.seen()}"
        await asyncio.sleep(0.02)


def at_once(*steps: Step) -> Step:
    """In one instant."""

    async def step(scene: Scene) -> None:
        await asyncio.gather(*(one(scene) for one in steps))

    return step


def old_card(name: str, action: str) -> Step:
    """Press a button as it was on the card of the first plan."""

    async def step(scene: Scene) -> None:
        before = await _answers(scene, name)
        await scene.press(name, action, scene.old_buttons[action])
        await _answered(scene, name, before)

    return step


def forges(name: str, action: str, value: str) -> Step:
    """A press that carries what no button of this card does.

    `D` stands for the request's id, `H` for the beginning of its plan's hash.
    """

    async def step(scene: Scene) -> None:
        before = await _answers(scene, name)
        scene.remember()
        plan = scene.buttons["withdraw"].partition(":")[2]
        made = value.replace("H", plan).replace("D:", f"{scene.request_id}:")
        await scene.press(name, action, made)
        await _answered(scene, name, before)

    return step


def stands(state: str) -> Step:
    """Wait until it stands so, on its card too."""

    async def step(scene: Scene) -> None:
        assert (await scene.reaches(state)).state == state, scene.seen()
        await scene.until(lambda: scene.title() == state, state)

    return step


def has_no_button(action: str) -> Step:
    async def step(scene: Scene) -> None:
        scene.remember()
        assert scene.buttons
        assert action not in scene.buttons

    return step


def card_says(*lines: str) -> Step:
    """Wait until the card has these lines."""

    async def step(scene: Scene) -> None:
        wanted = set(lines)
        await scene.until(lambda: wanted <= set(scene.lines()), lines)
        scene.remember()
        scene.new_buttons.clear()

    return step


def waits_again() -> Step:
    """Wait until a new plan is up for approval; its buttons are there before the card is edited."""

    async def step(scene: Scene) -> None:
        plan = (await scene.reaches(State.PENDING)).plan_hash[:SHOWN_HASH]
        scene.new_buttons = dict.fromkeys(scene.buttons, f"{scene.request_id}:{plan}")

    return step


def told(name: str, times: int) -> Step:
    """Wait until somebody has so many direct messages of it."""

    async def step(scene: Scene) -> None:
        await scene.until(lambda: len(scene.told(name)) >= times, f"{times} for {name}")

    return step


def approved(sentence: str, ask: Ask, rule: str) -> Situation:
    """The rule lets it be asked for, Bob approves, and all of it is sent."""
    return Situation(
        sentence,
        ask,
        (approves("bob"),),
        rule=rule,
        needs="1 approval of approvers",
        may="@S0APPROVE",
        sent=ask.phones * max(len(ask.places), 1),
        told={ask.who: ("@bob approved your request `D`; it starts.",)},
        card=("Approved by @bob",),
    )

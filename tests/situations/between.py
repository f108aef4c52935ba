"""What may change between the asking and the end: people, groups, time, servers, the policy."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from bot.store.database import open_database
from bot.store.tables import requests
from sandbox.cloud.kinds import Kind
from tests.situations.scene import Scene
from tests.situations.situation import Step


def group(name: str, *members: str, disabled: bool = False) -> Step:
    """From now on these are in a user group, or it is disabled."""

    async def step(scene: Scene) -> None:
        scene.has_changed_people = True
        users = [scene.user(one) for one in members]
        changed = {"id": name, "users": users, "disabled": disabled}
        await scene.stage.slack.put("groups", groups=[changed])

    return step


def renamed(name: str) -> Step:
    async def step(scene: Scene) -> None:
        scene.has_changed_people = True
        changed = {"id": name, "handle": "renamed", "name": "Renamed"}
        await scene.stage.slack.put("groups", groups=[changed])

    return step


def becomes(name: str, **what: bool) -> Step:
    """Somebody is deactivated, or made a guest."""

    async def step(scene: Scene) -> None:
        scene.has_changed_people = True
        await scene.stage.slack.put("people", users=[{"id": scene.user(name), **what}])

    return step


def fails(method: str, times: int = 30) -> Step:
    """Slack does not answer these look-ups."""

    async def step(scene: Scene) -> None:
        await scene.stage.slack.fault("status", method=method, times=times)

    return step


def works_again() -> Step:
    async def step(scene: Scene) -> None:
        await scene.stage.slack.clear_faults()

    return step


def later(minutes: float) -> Step:
    """So much time has passed for this request alone; its end stays where it is."""

    async def step(scene: Scene) -> None:
        database, passed = open_database(scene.bot.config.database_url), timedelta(minutes=minutes)
        own = requests.c.id == scene.request_id
        times = select(requests.c.asked_at, requests.c.planned_at).where(own)
        asked, planned = await database.read(lambda connection: connection.execute(times).one())
        aged = update(requests).where(own).values(
            asked_at=asked - passed, planned_at=planned - passed
        )  # fmt: skip
        await database.write(lambda connection: connection.execute(aged))
        await database.close()

    return step


def ends() -> Step:
    """The time to approve it is over."""

    async def step(scene: Scene) -> None:
        database = open_database(scene.bot.config.database_url)
        over = update(requests).where(requests.c.id == scene.request_id)
        over = over.values(expires_at=datetime.now(UTC))
        await database.write(lambda connection: connection.execute(over))
        await database.close()

    return step


def busy(milliseconds: int = 2500) -> Step:
    """Another request keeps the sending for a while, so that this one starts after it."""

    async def step(scene: Scene) -> None:
        cloud, (phone,) = scene.stage.sandbox.cloud, await scene.stage.phones(1)
        before = cloud.record.in_flight
        await scene.stage.cloud.override(Kind.IMPORT_TRAFFIC, calls=1, latency_ms=milliseconds)
        await scene.types("fred", f"divert routing {phone} project:steps")
        await scene.until(lambda: cloud.record.in_flight > before, "a call that takes its time")

    return step


def refuses(code: str) -> Step:
    """The cloud refuses the next call to move phones."""

    async def step(scene: Scene) -> None:
        await scene.stage.cloud.override(Kind.IMPORT_TRAFFIC, calls=1, refuse_call_code=code)

    return step


def newcomer(name: str) -> Step:
    """Somebody of whom nothing has ever been looked up."""

    async def step(scene: Scene) -> None:
        await scene.stage.slack.put("people", users=[{"id": scene.user(name), "name": name}])

    return step


def policy(*changes: tuple[str, str]) -> Step:
    """The file says this instead of that, and it counts."""

    async def step(scene: Scene) -> None:
        scene.has_changed_policy = True
        content = scene.file.read_text(encoding="utf-8")
        text = "\n[operators]" + content.partition("\n[operators]")[2]
        for before, after in changes:
            assert text.count(before) == 1, before
            text = text.replace(before, after)
        await scene.put_in_force(text)

    return step


def server(number: int, **edit: object) -> Step:
    """A server of the row gets another name, or other tags."""

    async def step(scene: Scene) -> None:
        await scene.stage.cloud.edit_servers([scene.places[number]], **edit)
        if "name" in edit:
            scene.places[number] = str(edit["name"])

    return step


def phones(*numbers: int, **edit: object) -> Step:
    async def step(scene: Scene) -> None:
        await scene.stage.cloud.edit_phones([scene.ids[one] for one in numbers], **edit)

    return step

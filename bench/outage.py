"""What an outage of Slack does to a run, to what it has to tell, and to the cards.

    python -m bench.outage --minutes 60

A big run under a stated limit goes once with Slack there, and once more while Slack goes away
whole. Four small runs are under way then: of one the card is deleted meanwhile, of one card and
thread, and of one the channel is archived. One request waits for approval all the while. Exits
with 1 where anything is lost, out of order, twice, or a card is not what it should be.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence

from bench.soak.samples import handles, rss_mb
from bench.trial import (
    ARCHIVED,
    BIG,
    DELETED,
    EMPTIED,
    KEPT,
    PATIENCE,
    USUAL,
    WAITING,
    Asked,
    Trial,
    running_trial,
)
from bench.truth import replies
from sandbox.cloud.phone import Route
from sandbox.server import Sandbox
from tests.crash.scene import until

SMALL_ONES = (KEPT, DELETED, EMPTIED, ARCHIVED)
SMALL = 12  # phones of a small run, and enough job ids to be told as a file
LONG_JOBS = 30.0  # seconds: the small runs end during the outage


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--phones", type=int, default=20_000)
    parser.add_argument("--calls", type=int, default=1, help="a second, which the cloud takes")
    wrong = asyncio.run(measure(parser.parse_args()))
    print(*wrong or ["nothing is wrong"], sep="\n")
    sys.exit(1 if wrong else 0)


async def measure(wish: argparse.Namespace) -> list[str]:
    async with running_trial(wish.phones + 100, wish.calls) as trial:
        looking = asyncio.create_task(trial.look())
        try:
            await _tell(trial, wish)
        finally:
            looking.cancel()
        return trial.wrong


async def _tell(trial: Trial, wish: argparse.Namespace) -> None:
    before = await trial.ask(USUAL, wish.phones)
    began = time.time()
    usual = await trial.run(before)
    sent = trial.sending(began)
    await trial.all_told()
    trial.check(before)
    _put_back(trial.sandbox, before.ids)
    print(
        f"with Slack there, {wish.phones} phones take {usual:.1f} s, {sent:.1f} to send", flush=True
    )
    waiting = await trial.ask(WAITING, SMALL)
    small = [await trial.ask(one, SMALL) for one in SMALL_ONES]
    for one in small:
        await one.scene.cloud.edit_phones(one.ids, job_seconds=LONG_JOBS)
    big = Asked(trial.scenes[BIG], await trial.scenes[BIG].asks_by_file(before.ids), before.ids)
    for one in (*small, big):
        await trial.approve(one)
        await one.scene.posted(one.card, "Approved. Sending")
    began = time.time()
    during = await _outage(trial, big, small, 60 * wish.minutes)
    sending = trial.sending(began)
    print(
        f"in an outage of {wish.minutes:g} minutes {during:.1f} s, {sending:.1f} to send:"
        f" {during / usual:.3f} and {sending / sent:.3f} of it"
    )
    told = await _back(trial)
    print(f"all is told {told:.1f} s after Slack is back")
    await trial.approve(waiting)
    await trial.ended(waiting)
    await trial.all_told()
    trial.check(big, *small, waiting)
    print(f"what waited was approved and ran; {len(trial.wrong)} things wrong")


async def _outage(trial: Trial, big: Asked, small: Sequence[Asked], seconds: float) -> float:
    """Take Slack away for so long, or as long as the big run takes; its seconds."""
    pid, begun = _pid(trial), time.monotonic()
    log, held = trial.home.log.stat().st_size, (rss_mb(pid), handles(pid))
    await big.scene.slack.fault("outage")
    _spoil(trial, *small)
    during = await trial.ended(big)
    await asyncio.sleep(max(0.0, begun + seconds - time.monotonic()))
    written = (trial.home.log.stat().st_size - log) / 1e3
    print(
        f"memory {held[0]:.1f} MB before and {rss_mb(pid):.1f} at the end of the outage, handles"
        f" {held[1]} and {handles(pid)}; {written:.0f} kB of log; {_waiting(trial)}"
    )
    return during


def _waiting(trial: Trial) -> str:
    behind = sum(one.behind for one in trial.ledger.standing.values())
    return f"{sum(trial.ledger.unsaid.values())} posts and {behind} cards wait"


def _spoil(trial: Trial, _: Asked, deleted: Asked, emptied: Asked, archived: Asked) -> None:
    """What people do to cards and channels while the bot cannot see it."""
    rooms = trial.sandbox.workspace.rooms
    rooms[DELETED].messages[str(deleted.card["ts"])].become_tombstone()
    trial.wiped[emptied.id] = len(replies(rooms[EMPTIED], str(emptied.card["ts"])))
    rooms[EMPTIED].messages.clear()
    rooms[archived.scene.channel].is_archived = True


async def _back(trial: Trial) -> float:
    """Let Slack come back; seconds until all is told."""
    big = trial.scenes[BIG]
    begun = time.monotonic()
    await big.slack.clear_faults()

    async def _answered() -> bool:
        return bool((await big.alice.command(BIG, "/cph help"))["acked"])

    telling = asyncio.create_task(trial.all_told())
    await until(_answered, PATIENCE)
    print(f"a command is answered {time.monotonic() - begun:.1f} s after Slack is back")
    return await telling


def _put_back(sandbox: Sandbox, ids: list[str]) -> None:
    for one in ids:
        sandbox.cloud.main.fleet.phones[one].put_on(Route.DIRECT)


def _pid(trial: Trial) -> int:
    assert trial.home.bot is not None
    return trial.home.bot.process.pid


if __name__ == "__main__":
    main()

"""Durable work in a table beside the ledger's, and who does it, in place of the engine.

What the engine promises and no more: work commits with the change that begins it, a known key
begins nothing, it is done at least once and one at a time in a partition, and what fails is done
again later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Double,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    select,
    update,
)

from bot.divert.failures import Away
from bot.divert.transaction import Run, Start
from bot.engine.durable import QUEUES, Task, Work
from bot.store.inserting import insert_new
from tests.cph.virtual import VirtualClock
from tests.divert.state_machine.store import Inline

AGAIN: Final = 0.5  # seconds until work that failed is done again

metadata: Final = MetaData()
works: Final = Table(
    "works",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("key", String, unique=True, nullable=False),
    Column("run", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("partition", String, nullable=False),
    Column("turn", String, nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("due", Double, nullable=False),  # seconds of the loop's clock
    Column("done", Boolean, nullable=False),
)


def begin(connection: Connection, start: Start) -> None:
    """Begin work when the transaction commits."""
    insert_new(
        connection,
        works,
        key=start.key,
        run=start.run,
        subject=start.subject,
        partition=start.partition,
        turn=start.turn,
        arguments=dict(start.arguments),
        due=VirtualClock().monotonic() + start.delay,
        done=False,
    )


@dataclass(slots=True)
class Runner:
    """One process's hands. `failed` are the works that ended with what nobody foresaw."""

    database: Inline
    work: Mapping[Run, Work]
    failed: list[BaseException] = field(default_factory=list)

    def waiting(self) -> Sequence[Row[Any]]:
        """All work that is not done, the next one first."""
        query = select(works).where(works.c.done.is_(False)).order_by(works.c.due, works.c.number)
        return self.database.look(lambda connection: connection.execute(query).all())

    def due(self) -> list[Row[Any]]:
        now = VirtualClock().monotonic()
        return [one for one in self.waiting() if one.due <= now]

    async def do(self, row: Row[Any]) -> None:
        """Do the work once; it is struck off only after its end."""
        task = Task(row.key, row.partition, row.subject, row.turn, row.arguments)
        again: float | None = None
        try:
            await self.work[Run(row.run)](task)
        except Again as later:
            again = later.wait
        except Away as away:
            again = max(away.wait, AGAIN)
        except Exception as failure:  # noqa: BLE001 - the machine looks at it
            self.failed.append(failure)
            again = AGAIN
        await self.database.write(lambda connection: _put_down(connection, row.number, again))


class Again(Exception):
    """The work waits for something else."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = wait


def _put_down(connection: Connection, number: int, again: float | None) -> None:
    mine = update(works).where(works.c.number == number)
    if again is None:
        connection.execute(mine.values(done=True))
    else:
        connection.execute(mine.values(due=VirtualClock().monotonic() + again))


def place_of(row: Row[Any]) -> tuple[str, str]:
    """Where only one is done at a time: queue and partition; each click is alone."""
    return QUEUES[Run(row.run)], row.partition or row.key

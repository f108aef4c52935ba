"""Requests and phones for the store's tests, brought to where a test begins."""

import itertools
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from bot.divert.outcome import Change, PhoneRow, PhoneState
from bot.divert.phones import Route
from bot.divert.request import Draft, Event, Note, Request
from bot.divert.transaction import Start, Transaction
from bot.store.database import Database
from bot.store.ledger import SqlLedger

ALICE: Final = "U0ALICE"
BOB: Final = "U0BOB"
_fresh = itertools.count(1)


@dataclass(slots=True)
class Desk:
    """A migrated database, the ledger on it, and the durable work that was begun."""

    database: Database
    started: list[Start] = field(default_factory=list)

    @property
    def ledger(self) -> SqlLedger:
        return SqlLedger(self.database, self._begin)

    def _begin(self, _connection: Connection, start: Start) -> None:
        self.started.append(start)


def draft(key: str = "", project: str = "demo", reason: str = "") -> Draft:
    key = key or secrets.token_hex(8)
    return Draft(key, ALICE, project, Route.ROUTING, "C0OPS", ("a" * 32,), reason=reason)


def phone_ids(count: int) -> list[str]:
    """Ids that no other test has."""
    return [f"{next(_fresh):032x}" for _ in range(count)]


def planned(ids: Sequence[str]) -> list[PhoneRow]:
    return [
        PhoneRow(phone_id, number, PhoneState.PLANNED, "direct", "edge-07")
        for number, phone_id in enumerate(ids, 1)
    ]


def put_up(tx: Transaction, request: Request, plan_hash: str = "f" * 64) -> Request:
    """Move a request from planning to pending."""
    return tx.move(
        request, Event.PLANNED, ALICE, plan_hash=plan_hash, planned_at=tx.now(),
        expires_at=tx.now() + timedelta(hours=8), note=Note(repeated=2), card_channel="C0OPS",
        card_ts="",
    )  # fmt: skip


async def pending(
    ledger: SqlLedger, rows: Sequence[PhoneRow] = (), project: str = "demo"
) -> Request:
    """A request that waits for approval, with its phones in batches that are due."""

    def work(tx: Transaction) -> Request:
        request, _ = tx.ask(draft(project=project))
        tx.add_phones(request.id, rows)
        tx.add_batches(request.id, tx.now())
        return put_up(tx, request)

    return await ledger.write(work)


async def sending(ledger: SqlLedger, rows: Sequence[PhoneRow], project: str = "demo") -> Request:
    """A request that was approved and has begun to send."""
    request = await pending(ledger, rows, project)
    approved = await ledger.write(lambda tx: tx.move(request, Event.APPROVE, BOB))
    return await ledger.write(lambda tx: tx.move(approved, Event.START, "", started_at=tx.now()))


async def change(ledger: SqlLedger, request: Request, *changes: Change) -> None:
    await ledger.write(lambda tx: tx.change_phones(request.id, changes))


async def rows(ledger: SqlLedger, request: Request) -> list[PhoneRow]:
    return await ledger.read(lambda tx: tx.rows(request.id, 0, 1000))


async def send(ledger: SqlLedger, request: Request, number: int) -> None:
    await ledger.write(lambda tx: tx.batch_sent(request.id, number))


async def answer(
    ledger: SqlLedger, request: Request, number: int, call: str, *changes: Change
) -> None:
    """The answer of one call is written, its jobs to be asked for at once."""

    def work(tx: Transaction) -> None:
        tx.batch_answered(request.id, number, call, tx.now())
        tx.change_phones(request.id, changes)

    await ledger.write(work)


def accepted(*ids: str) -> list[Change]:
    return [Change(one, PhoneState.ACCEPTED, job_id=f"job-{one}") for one in ids]

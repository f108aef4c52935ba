"""Requests, their moves and decisions, and the cards they want."""

import secrets
from dataclasses import fields
from datetime import datetime
from itertools import count
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, insert, select, update

from bot.divert.request import (
    CLOSED,
    ID_LENGTH,
    ID_LETTERS,
    Draft,
    Event,
    Note,
    Request,
    State,
    after,
)
from bot.divert.transaction import Decided
from bot.divert.twice import same_wish
from bot.store import audit
from bot.store.held import Held
from bot.store.tables import decisions, requests

_DRAFT: Final = TypeAdapter(Draft)
_NOTE: Final = TypeAdapter(Note)
_PLAIN: Final = tuple(one.name for one in fields(Request) if one.name not in {"draft", "note"})
_COLLISIONS: Final = 3  # of ids of one length, before they get longer


class RequestRows(Held):
    """The requests' part of a transaction."""

    __slots__ = ()

    def ask(self, draft: Draft) -> tuple[Request, bool]:
        """The database decides: of two deliveries at the same time one finds the other's row."""
        for tries in count():
            request = Request(_new_id(tries), draft, State.PLANNING, 1, self.moment)
            if self._is_new(request):
                self._record(request, "ask", draft.requester, {"route": draft.route})
                return request, True
            known = self._where(requests.c.key == draft.key)
            if known is not None:
                return known, False
        raise AssertionError  # ids never run out

    def _is_new(self, request: Request) -> bool:
        return self.insert_new(
            requests,
            id=request.id,
            key=request.draft.key,
            wish=same_wish(request.draft),
            project=request.project,
            draft=_DRAFT.dump_python(request.draft, mode="json"),
            state=request.state,
            version=request.version,
            shown_version=0,
            asked_at=self.moment,
            plan_hash="",
            card_channel="",
            card_ts="",
            note=_NOTE.dump_python(request.note, mode="json"),
        )

    def request(self, request_id: str) -> Request | None:
        return self._where(requests.c.id == request_id)

    def _where(self, condition: Any) -> Request | None:  # noqa: ANN401 - SQLAlchemy's expression
        query = self.locked(select(requests).where(condition))
        found = self.connection.execute(query).one_or_none()
        return None if found is None else _request(found)

    def asked(self, key: str) -> Request | None:
        return self._seen(select(requests).where(requests.c.key == key))

    def open_since(self, wish: str, moment: datetime) -> Request | None:
        query = select(requests).where(
            requests.c.wish == wish, requests.c.closed_at.is_(None), requests.c.asked_at > moment
        )
        return self._seen(query.order_by(requests.c.asked_at.desc()).limit(1))

    def _seen(self, query: Select[Any]) -> Request | None:
        """Looked at without waiting for who has its row locked."""
        found = self.connection.execute(query).one_or_none()
        return None if found is None else _request(found)

    def latest(self, limit: int) -> list[Request]:
        query = select(requests).order_by(requests.c.asked_at.desc()).limit(limit)
        return [_request(row) for row in self.connection.execute(query)]

    def open_until(self, moment: datetime) -> list[Request]:
        query = select(requests).where(
            requests.c.state == State.PENDING, requests.c.expires_at <= moment
        )
        return [_request(row) for row in self.connection.execute(self.locked(query))]

    def waiting(self) -> list[Request]:
        query = select(requests).where(requests.c.state == State.PENDING)
        ordered = self.locked(query.order_by(requests.c.asked_at))
        return [_request(row) for row in self.connection.execute(ordered)]

    def move(self, request: Request, event: Event, by: str, **changes: object) -> Request:
        """By the state the request has now, whatever the caller saw before."""
        now = self.request(request.id)
        if now is None:
            raise LookupError(request.id)
        state = after(now.state, event)
        written = dict(changes)
        if isinstance(note := changes.get("note"), Note):
            written["note"] = _NOTE.dump_python(note, mode="json")
        if state in CLOSED:
            written["closed_at"] = self.moment
        self.connection.execute(
            update(requests)
            .where(requests.c.id == now.id)
            .values(state=state, version=now.version + 1, **written)
        )
        moved = self.request(now.id)
        assert moved is not None  # noqa: S101 - it was written above
        detail = {"from": now.state, "to": state, "plan": moved.plan_hash}
        self._record(moved, event, by, detail)
        return moved

    def touch(self, request_id: str, note: Note | None = None) -> None:
        noted = {} if note is None else {"note": _NOTE.dump_python(note, mode="json")}
        self.connection.execute(
            update(requests)
            .where(requests.c.id == request_id)
            .values(version=requests.c.version + 1, **noted)
        )

    def decide(self, request: Request, decided: Decided) -> None:
        self.connection.execute(
            insert(decisions).values(
                request_id=request.id,
                plan_hash=request.plan_hash,
                person=decided.person,
                verdict=decided.verdict,
                reason=decided.reason,
                at=decided.at,
            )
        )
        detail = {"verdict": decided.verdict, "reason": decided.reason, "plan": request.plan_hash}
        self._record(request, "decide", decided.person, detail)

    def decisions(self, request_id: str) -> list[Decided]:
        query = (
            select(decisions)
            .join(requests, requests.c.id == decisions.c.request_id)
            .where(
                decisions.c.request_id == request_id,
                decisions.c.plan_hash == requests.c.plan_hash,
            )
            .order_by(decisions.c.id)
        )
        return [
            Decided(row.person, row.verdict, row.reason, row.at)
            for row in self.connection.execute(query)
        ]

    def cards_behind(self, limit: int) -> list[Request]:
        """Only planned requests have a card. New ones come first: somebody waits to decide."""
        query = (
            select(requests)
            .where(
                requests.c.version > requests.c.shown_version, requests.c.planned_at.is_not(None)
            )
            .order_by(requests.c.card_ts != "", requests.c.shown_at, requests.c.asked_at)
            .limit(limit)
        )
        return [_request(row) for row in self.connection.execute(query)]

    def card_shown(self, request_id: str, version: int, channel: str, ts: str) -> None:
        """Never backwards: a card that another painter brought further stays as it is."""
        self.connection.execute(
            update(requests)
            .where(requests.c.id == request_id, requests.c.shown_version < version)
            .values(shown_version=version, shown_at=self.moment, card_channel=channel, card_ts=ts)
        )

    def _record(self, request: Request, event: str, by: str, detail: dict[str, Any]) -> None:
        entry = {
            "at": self.moment.isoformat(),
            "who": by,
            "event": str(event),
            "request": request.id,
            "project": request.project,
            "rule": request.note.rule,
            "policy": request.note.policy,
            **{name: str(value) for name, value in detail.items()},
        }
        audit.append(self.connection, entry)


def _new_id(tries: int) -> str:
    """A random id; each few collisions make it a letter longer."""
    length = ID_LENGTH + tries // _COLLISIONS
    return "D-" + "".join(secrets.choice(ID_LETTERS) for _ in range(length))


def _request(row: Row[Any]) -> Request:
    values = {name: getattr(row, name) for name in _PLAIN}
    values["state"] = State(row.state)
    return Request(
        draft=_DRAFT.validate_python(row.draft), note=_NOTE.validate_python(row.note), **values
    )

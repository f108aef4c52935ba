"""The plan: a selection resolved at one moment, cut into batches, bound by a hash."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.divert.phones import Phone, Route

BATCH_LIMIT: Final = 100  # phones in one ImportTraffic call, by the API's own page
SHOWN_HASH: Final = 12  # hex digits of the hash that a button carries


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be sent and what is left out. Each distinct id is in exactly one of the three."""

    changes: tuple[Phone, ...]
    unchanged: tuple[Phone, ...]
    unknown: tuple[str, ...]
    hash: str

    @property
    def batches(self) -> tuple[tuple[str, ...], ...]:
        return tuple(cut_batches([phone.id for phone in self.changes]))


def cut_batches(ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Cut ids into batches of at most `BATCH_LIMIT`, in their order."""
    for start in range(0, len(ids), BATCH_LIMIT):
        yield tuple(ids[start : start + BATCH_LIMIT])


def cut_plan(project: str, route: Route, ids: Iterable[str], seen: Mapping[str, Phone]) -> Plan:
    """Sort distinct ids by what the cloud showed of them and bind the result."""
    changes: list[Phone] = []
    unchanged: list[Phone] = []
    unknown: list[str] = []
    for phone_id in ids:
        phone = seen.get(phone_id)
        if phone is None:
            unknown.append(phone_id)
        else:
            (unchanged if phone.route == route else changes).append(phone)
    return Plan(tuple(changes), tuple(unchanged), tuple(unknown), _hash(project, route, changes))


def _hash(project: str, route: Route, changes: Iterable[Phone]) -> str:
    """Bind what would be sent: project, route, and each phone with its route before."""
    digest = hashlib.sha256(f"{project}\n{route}\n".encode())
    for phone in changes:
        digest.update(f"{phone.id} {phone.route}\n".encode())
    return digest.hexdigest()

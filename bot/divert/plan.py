"""The plan: a selection resolved at one moment, cut into batches, bound by a hash."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.divert.outcome import Counts, PhoneState
from bot.divert.phones import Phone, Route

BATCH_LIMIT: Final = 100  # phones in one ImportTraffic call, by the API's own page
SHOWN_HASH: Final = 12  # hex digits of the hash that a button carries


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be sent and what is left out. Each distinct id is in exactly one of the four."""

    changes: tuple[Phone, ...]
    unchanged: tuple[Phone, ...]
    unknown: tuple[str, ...]
    excluded: tuple[Phone, ...]
    hash: str

    @property
    def counts(self) -> Counts:
        return Counts(
            {
                PhoneState.PLANNED: len(self.changes),
                PhoneState.UNCHANGED: len(self.unchanged),
                PhoneState.UNKNOWN: len(self.unknown),
                PhoneState.EXCLUDED: len(self.excluded),
            }
        )

    def under(self, policy: str, voided: int = 0) -> str:
        """What an approval is bound to: this plan under this version of the policy.

        Made again under another one it is another plan, though the same phones are in it. So it is
        each time that approvals were made void, whatever for.
        """
        return hashlib.sha256(f"{policy}\n{voided}\n{self.hash}".encode()).hexdigest()


def cut_plan(
    project: str,
    route: Route,
    ids: Iterable[str],
    seen: Mapping[str, Phone],
    excluded: Collection[str] = frozenset(),
) -> Plan:
    """Sort distinct ids by what the cloud showed of them and bind the result."""
    changes: list[Phone] = []
    unchanged: list[Phone] = []
    left_out: list[Phone] = []
    unknown: list[str] = []
    for phone_id in ids:
        phone = seen.get(phone_id)
        if phone is None:
            unknown.append(phone_id)
        elif phone_id in excluded:
            left_out.append(phone)
        else:
            (unchanged if phone.route == route else changes).append(phone)
    bound = _hash(project, route, changes)
    return Plan(tuple(changes), tuple(unchanged), tuple(unknown), tuple(left_out), bound)


def _hash(project: str, route: Route, changes: Iterable[Phone]) -> str:
    """Bind what would be sent: project, route, and each phone with its route before."""
    digest = hashlib.sha256(f"{project}\n{route}\n".encode())
    for phone in changes:
        digest.update(f"{phone.id} {phone.route}\n".encode())
    return digest.hexdigest()

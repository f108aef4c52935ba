"""What differs between two policies, by the names that people gave to its parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from bot.divert.policy.policy import Policy


class Part(StrEnum):
    """What a policy is made of."""

    ROLES = "roles"
    RULES = "rules"
    PROTECTED = "protected"
    FREEZES = "freezes"
    APPROVING = "approving"
    OPERATORS = "operators"


class How(StrEnum):
    """What became of it."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change of one part; a name is followed by what changed below it."""

    part: Part
    how: How
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = f"{self.part} {self.how}"
        return f"{told}: {', '.join(self.names)}" if self.names else told


_KEYS: Final = {"start": "from"}  # where the file calls it otherwise


def changes(before: Policy, after: Policy) -> tuple[Change, ...]:
    """None where both are the same policy."""
    return (
        *_named(Part.ROLES, before.roles, after.roles),
        *_named(Part.RULES, *_by_name(before.rules, after.rules)),
        *_reordered(before, after),
        *_whole(Part.PROTECTED, before.protected, after.protected),
        *_named(Part.FREEZES, *_by_name(before.freezes, after.freezes)),
        *_whole(Part.APPROVING, before.approving, after.approving),
        *_whole(Part.OPERATORS, before.operators, after.operators),
    )


def _by_name(*several: tuple[Any, ...]) -> Iterator[Mapping[str, Any]]:
    return ({one.name: one for one in these} for these in several)


def _named(part: Part, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    both = [name for name in before if name in after]
    found = {
        How.ADDED: [name for name in after if name not in before],
        How.REMOVED: [name for name in before if name not in after],
        How.CHANGED: [
            f"{name} ({_below(before[name], after[name])})"
            for name in both
            if before[name] != after[name]
        ],
    }
    return (Change(part, how, tuple(names)) for how, names in found.items() if names)


def _below(before: Any, after: Any) -> str:  # noqa: ANN401 - members of a role, or a dataclass
    """The keys that differ; of a role, who came and who went."""
    if isinstance(before, frozenset):
        came, went = sorted(after - before), sorted(before - after)
        return ", ".join([*(f"+{one}" for one in came), *(f"-{one}" for one in went)])
    names = (one.name for one in fields(before))
    differing = (name for name in names if getattr(before, name) != getattr(after, name))
    return ", ".join(_KEYS.get(name, name) for name in differing)


def _reordered(before: Policy, after: Policy) -> Iterator[Change]:
    """The first rule that allows decides, so their order counts."""
    old, new = [one.name for one in before.rules], [one.name for one in after.rules]
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield Change(Part.RULES, How.REORDERED)


def _whole(part: Part, before: object, after: object) -> Iterator[Change]:
    """What has no names of its own."""
    if before != after:
        yield Change(part, How.CHANGED)

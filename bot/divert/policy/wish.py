"""What somebody wants, as far as the policy cares; what nobody has counted yet is None."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.divert.phones import Route


class Kind(StrEnum):
    """How phones can be pointed at: by ids, by a file of them, or by a term of a selection."""

    IDS = "ids"
    FILE = "file"
    SERVER = "server"
    TAG = "tag"
    NAME = "name"
    ROUTE = "route"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Place:
    """A server that holds phones to change: its id, its name, and its tags as `key=value`."""

    server: str
    name: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a plan reaches: `fleet` are the phones of the whole project."""

    fleet: int | None = None
    places: tuple[Place, ...] | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish at one moment."""

    project: str
    route: Route
    channel: str
    at: datetime
    phones: int | None = None
    extent: Extent = Extent()
    kinds: frozenset[Kind] = frozenset()

    @property
    def share(self) -> float | None:
        """Which part of the project's phones it would take; of an empty project, all of it."""
        fleet = self.extent.fleet
        if self.phones is None or fleet is None:
            return None
        return self.phones / fleet if fleet else 1.0

"""The servers and phones of one project, made from a seed, and the ways to edit them."""

import random
from dataclasses import dataclass, field

from sandbox.cloud.chance import hex_id
from sandbox.cloud.names import Names
from sandbox.cloud.phone import Container, Phone, PhoneStatus, Route, Server

PROJECT_ID = hex_id(0, "project", "demo")
# The oldest thing of a fleet is from here, 2025-01-01T00:00:00Z.
FIRST_CREATED = 1_735_689_600.0
# Server id, status, part of the name; None: any.
Filter = tuple[str | None, int | None, str | None]
_KEPT_FILTERS = 2_000
# What some phones of a lively fleet do instead of running.
_NOT_RUNNING = (PhoneStatus.STOPPED, PhoneStatus.STOPPED, PhoneStatus.FROZEN)


def _odd_shape(phone_id: str, number: int) -> str:
    """Return the id as some of the cloud's own pages have it: 31 digits, or with dashes."""
    if number % 3 == 0:
        return phone_id[:31]
    if number % 3 == 1:
        parts = (phone_id[:8], phone_id[8:12], phone_id[12:16], phone_id[16:20], phone_id[20:])
        return "-".join(parts)
    return phone_id


@dataclass(frozen=True)
class Recipe:
    """What a fleet is made from; the same recipe makes the same ids."""

    phones: int = 1500
    servers: int = 25
    seed: int = 1
    project_id: str = PROJECT_ID
    routing_share: float = 0.1
    odd_ids: bool = False
    lively: bool = False  # not all phones run, and one server's container is frozen

    def __post_init__(self) -> None:
        if self.phones and not self.servers:
            raise ValueError("phones need a server")


@dataclass
class Fleet:
    """Phones are kept newest first, which is the order of the API's list."""

    recipe: Recipe
    servers: dict[str, Server] = field(default_factory=dict)
    newest_first: list[Phone] = field(default_factory=list)
    phones: dict[str, Phone] = field(default_factory=dict)
    edition: int = 0  # grows with every edit that can change what a filter finds
    made: int = 0  # phones ever made, for ids and names that never come back
    _found: dict[Filter, list[Phone]] = field(default_factory=dict)
    _found_at: int = -1
    _names: Names | None = None  # of the edition `_found_at`, once somebody looks for a name

    @classmethod
    def build(  # noqa: PLR0913 - the parameters are the fleet's description
        cls,
        *,
        phones: int = 1500,
        servers: int = 25,
        seed: int = 1,
        project_id: str = PROJECT_ID,
        routing_share: float = 0.1,
        odd_ids: bool = False,
        lively: bool = False,
    ) -> "Fleet":
        """Make a fleet from a description; see `Recipe` and `of`."""
        return cls.of(Recipe(phones, servers, seed, project_id, routing_share, odd_ids, lively))

    @classmethod
    def of(cls, recipe: Recipe) -> "Fleet":
        """Make the fleet of a recipe.

        Phones are `mobile-0001`… in order of age, in equal blocks on `edge-01`…; every fifth
        server is tagged env=staging, the others env=production.
        """
        fleet = cls(recipe)
        for number in range(1, recipe.servers + 1):
            fleet._add_server(number)
        homes = list(fleet.servers)
        for number in range(recipe.phones):
            home = homes[number * recipe.servers // recipe.phones]
            fleet._make_phone(home, odd_ids=recipe.odd_ids)
        fleet.newest_first.reverse()
        fleet._divert(round(recipe.phones * recipe.routing_share))
        if recipe.lively:
            fleet._enliven()
        return fleet

    @property
    def project_id(self) -> str:
        return self.recipe.project_id

    def _add_server(self, number: int) -> None:
        server_id = hex_id(self.recipe.seed, self.project_id, "server", number)
        env = "staging" if number % 5 == 0 else "production"
        self.servers[server_id] = Server(
            server_id=server_id,
            name=f"edge-{number:02}",
            created=FIRST_CREATED + number,
            number=number,
            tags={"env": env, "rack": f"r{(number - 1) // 10 + 1}"},
        )

    def _make_phone(self, server_id: str, *, odd_ids: bool = False) -> Phone:
        self.made += 1
        phone_id = hex_id(self.recipe.seed, self.project_id, "phone", self.made)
        phone = Phone(
            phone_id=_odd_shape(phone_id, self.made) if odd_ids else phone_id,
            name=f"mobile-{self.made:04}",
            server_id=server_id,
            imei=f"86928{int(phone_id[:12], 16) % 10**10:010}",
            created=FIRST_CREATED + 1000 + self.made,
        )
        self.phones[phone.phone_id] = phone
        self.newest_first.append(phone)
        return phone

    def _divert(self, count: int) -> None:
        chooser = random.Random(self.recipe.seed)  # noqa: S311 - repeatable by intent
        for phone in chooser.sample(self.newest_first, count):
            phone.settled = Route.ROUTING

    def _enliven(self) -> None:
        """Stop or freeze the first phones of every third server, and freeze one container."""
        for server in self.servers.values():
            if server.number % 3 == 1:
                oldest = reversed(self.found(server.server_id, None, None))
                for phone, status in zip(oldest, _NOT_RUNNING, strict=False):
                    phone.status = status
            if server.number == self.recipe.servers // 2:
                server.container = Container.FROZEN
        self.edition += 1

    def server_of(self, phone: Phone) -> Server | None:
        return self.servers.get(phone.server_id)

    def found(self, server_id: str | None, status: int | None, name: str | None) -> list[Phone]:
        """Return what a filter leaves, newest first; looked for once per edition of the fleet."""
        wanted = (server_id, status, name or None)
        if self._found_at != self.edition or len(self._found) > _KEPT_FILTERS:
            self._found = {(None, None, None): self.newest_first} | self._by_server()
            self._found_at, self._names = self.edition, None
        if wanted not in self._found:
            self._found[wanted] = self._looked_for(*wanted)
        return self._found[wanted]

    def _by_server(self) -> dict[Filter, list[Phone]]:
        """Sort all phones by server in one go, since clients ask for one after the other."""
        homes: dict[str, list[Phone]] = {server_id: [] for server_id in self.servers}
        for phone in self.newest_first:
            homes[phone.server_id].append(phone)
        return {(server_id, None, None): phones for server_id, phones in homes.items()}

    def _looked_for(
        self, server_id: str | None, status: int | None, name: str | None
    ) -> list[Phone]:
        found = self._found.get((server_id, None, None), [])
        if name is not None:
            found = self._named(name, None if server_id is None else found)
        if status is not None:
            found = [phone for phone in found if phone.status == status]
        return found

    def _named(self, part: str, among: list[Phone] | None) -> list[Phone]:
        """Those whose name holds this part, among all phones or these few."""
        if among is not None:
            return [phone for phone in among if part in phone.name]
        self._names = self._names or Names(self.newest_first)
        return self._names.holding(part)

    def set_status(self, phone: Phone, status: int) -> None:
        phone.status = status
        self.edition += 1

    def rename(self, phone: Phone, name: str) -> None:
        phone.name = name
        self.edition += 1

    def add_newest(self, count: int) -> None:
        """Buy phones: they appear in front of the list."""
        home = next(iter(self.servers))
        for _ in range(count):
            self._make_phone(home)
            self.newest_first.insert(0, self.newest_first.pop())
        self.edition += 1

    def remove(self, phone: Phone) -> None:
        del self.phones[phone.phone_id]
        self.newest_first.remove(phone)
        self.edition += 1

    def remove_newest(self, count: int) -> None:
        for phone in self.newest_first[:count]:
            del self.phones[phone.phone_id]
        del self.newest_first[:count]
        self.edition += 1

    def recreate_server(self, server_id: str) -> list[str]:
        """Change the server's model: all its phones go and come back under new ids."""
        gone = self.found(server_id, None, None)
        for phone in gone:
            del self.phones[phone.phone_id]
        self.newest_first = [p for p in self.newest_first if p.server_id != server_id]
        made = [self._make_phone(server_id) for _ in gone]
        del self.newest_first[len(self.newest_first) - len(made) :]
        self.newest_first[:0] = reversed(made)
        self.edition += 1
        return [phone.phone_id for phone in made]

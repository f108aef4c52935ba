"""The cloud as a whole: projects with their fleets and jobs, accounts, switches, record."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.cloud.accounts import Accounts
from sandbox.cloud.chance import chance, hex_id
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.jobs import JobBook
from sandbox.cloud.kinds import Kind
from sandbox.cloud.record import Record
from sandbox.cloud.switches import Override, Switches
from sandbox.cloud.throttle import Throttle

REGION = "cn-north-4"
EMPTY_REGION = "cn-east-3"
EMPTY_PROJECT_ID = hex_id(0, "project", "empty")


@dataclass
class Project:
    name: str
    fleet: Fleet
    jobs: JobBook = field(default_factory=JobBook)


def default_projects() -> dict[str, Project]:
    """Return the demo project, named after its region as the real ones are, and an empty one."""
    empty = Fleet.build(phones=0, servers=0, project_id=EMPTY_PROJECT_ID)
    demo = Fleet.build()
    return {
        demo.project_id: Project(REGION, demo),
        empty.project_id: Project(EMPTY_REGION, empty),
    }


class Cloud:
    def __init__(
        self,
        *fleets: Fleet,
        switches: Switches | None = None,
        seed: int = 1,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Make a cloud of these fleets, or of the default ones; the first is the main one.

        Args:
            fleets: one per project; the first project is named `REGION`.
            switches: what differs from a quiet day at the start.
            seed: of everything left to chance, so that a run can be repeated.
            clock: the cloud's time, epoch seconds.
        """
        self.projects = default_projects()
        if fleets:
            names = (REGION, *(f"{REGION}_{number}" for number in range(2, len(fleets) + 1)))
            self.projects = {
                fleet.project_id: Project(name, fleet)
                for name, fleet in zip(names, fleets, strict=True)
            } | {EMPTY_PROJECT_ID: self.projects[EMPTY_PROJECT_ID]}
        self.seed = seed
        self.accounts = Accounts(seed)
        self.record = Record()
        self.throttle = Throttle()
        self.clock = clock
        self.cph_calls = 0
        self._switches = switches or Switches()
        self._ids = random.Random(seed)  # noqa: S311 - repeatable by intent

    @property
    def main(self) -> Project:
        return next(iter(self.projects.values()))

    @property
    def switches(self) -> Switches:
        return self._switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        """Take new switches; calls until arrears are counted from here."""
        self._switches = switches
        self.cph_calls = 0

    def set(self, **switches: object) -> None:
        """Set some switches by name and leave the others."""
        self.switches = self.switches.changed(switches)

    def now(self) -> float:
        return self.clock() + self._switches.clock_offset_seconds

    def new_id(self) -> str:
        return f"{self._ids.getrandbits(128):032x}"

    def switches_for(self, kind: Kind, number: int) -> Switches:
        """Return the switches in force for one call, and use up the overrides that hit it."""
        changes: dict[str, object] = {}
        for override in list(self._switches.overrides):
            if self._hits(override, kind, number):
                changes |= override.switches
        return self._switches.model_copy(update=changes) if changes else self._switches

    def _hits(self, override: Override, kind: Kind, number: int) -> bool:
        if not override.concerns(kind):
            return False
        if override.skip:
            override.skip -= 1
            return False
        if chance(self.seed, "override", kind, number) >= override.share:
            return False
        if override.calls is not None:
            self._use_up(override, override.calls - 1)
        return True

    def _use_up(self, override: Override, left: int) -> None:
        if left:
            override.calls = left
        else:
            self._switches.overrides.remove(override)

    def replace_fleet(self, fleet: Fleet) -> None:
        """Put another fleet in its project's place; the old one's jobs are gone."""
        name = self.projects[fleet.project_id].name
        self.projects[fleet.project_id] = Project(name, fleet)

    def reset(self) -> None:
        """Go back to a quiet day and an empty record; fleets are not touched.

        Issued tokens and temporary keys stay good.
        """
        self.switches = Switches()
        self.record = Record()
        self.throttle.forget()
        self.accounts.key_lockout.forget()
        self.accounts.password_lockout.forget()
        self._ids = random.Random(self.seed)  # noqa: S311 - repeatable by intent

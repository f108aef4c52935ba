"""People, time, cloud faults and restarts, in any order, against the real store.

For long, with other runs each time: `CPH_STATE_MACHINE_EXAMPLES=2000 pytest
tests/divert/state_machine`. A run that fails is told as a program of rules.
"""

import os
import shutil
from pathlib import Path
from typing import ClassVar, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.divert.click import Verdict
from bot.divert.pause import EVERY
from bot.divert.phones import Route
from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone import Route as CloudRoute
from tests.cph.opening import DEMO
from tests.divert.state_machine.judge import come_to_rest, hold
from tests.divert.state_machine.life import HOME
from tests.divert.state_machine.people import (
    ALICE,
    APPROVERS,
    BOB,
    CAROL,
    DAN,
    EVE,
    EVERYBODY,
    FREE,
    GUS,
)
from tests.divert.state_machine.stage import Stage, fleet, make_database
from tests.divert.state_machine.weather import KINDS, ORDERS, WEATHER, strike

EXAMPLES: Final = os.environ.get("CPH_STATE_MACHINE_EXAMPLES")
STEPS: Final = 40
FEW: Final = 8  # phones that people ask for by their ids, so that requests meet
PHONES_ASKED_FOR: Final = tuple(one.phone_id for one in fleet().newest_first[:FEW])
UNKNOWN: Final = ("f" * 32, "e" * 32)

_few = st.integers(0, FEW - 1)
_ids = st.lists(st.sampled_from([*PHONES_ASKED_FOR, *UNKNOWN]), min_size=1, max_size=6)
_selections = st.sampled_from(
    ["server:edge-01", "name:mobile-000*", "server:edge-* -server:edge-02", "name:mobile-*"]
)
_wishes = st.one_of(_ids.map(" ".join), _ids.map(" ".join), _selections)
_routes = st.sampled_from(Route)
_channels = st.sampled_from([HOME, HOME, FREE])
_approvers = st.permutations(sorted(APPROVERS)).map(list)
_people = st.sampled_from(EVERYBODY)
_askers = st.sampled_from([ALICE, ALICE, ALICE, BOB, BOB, EVE])
_operators = st.sampled_from([DAN, DAN, DAN, GUS, EVE])
_scopes = st.sampled_from([EVERY, DEMO])
_orders = st.sampled_from([True, False, False])  # to pause, or to resume
_places = st.lists(st.integers(0, 11), min_size=1, max_size=4)  # of some among many, counted round
_cards = st.integers(0, 3)  # from the newest
_back = st.sampled_from([0, 0, 0, 1, 2])  # plans
_rounds = st.one_of(st.integers(0, 12), st.just(30))
_seconds = st.sampled_from([1.0, 6.0, 30.0, 120.0, 900.0, 3700.0, 30_000.0])
_points = st.integers(1, 25)  # until the process is killed
_calls = st.sampled_from([1, 1, 2, 3, None])


class PeopleAndTrouble(RuleBasedStateMachine):
    empty: ClassVar[Path]  # a database to begin with
    folder: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        for old in self.folder.iterdir():
            old.unlink()
        shutil.copy(self.empty, self.folder / "ledger.sqlite")
        self.stage = Stage(self.folder / "ledger.sqlite")
        self.whole = True  # nothing has gone wrong so far

    # People

    @initialize(
        wish=_wishes, name=st.sampled_from(WEATHER), calls=_calls, people=_approvers, rounds=_rounds
    )
    def begin(
        self, *, wish: str, name: str, calls: int | None, people: list[str], rounds: int
    ) -> None:
        """With a card and trouble, as little happens where nothing has been asked for."""
        self.stage.ask(ALICE, f"divert routing {wish}", HOME, 1)
        self.stage.work_on(4)
        strike(self.stage.sky, name, calls, [Kind.IMPORT_TRAFFIC])
        self.approve(place=0, people=people, rounds=rounds)

    @rule(
        person=_askers, route=_routes, wish=_wishes, channel=_channels, deliveries=st.integers(1, 2)
    )
    def ask(self, *, person: str, route: Route, wish: str, channel: str, deliveries: int) -> None:
        self.stage.ask(person, f"divert {route} {wish}", channel, deliveries)

    @rule(person=_askers, route=_routes, wish=_wishes, people=_approvers, rounds=_rounds)
    def ask_and_approve(
        self, *, person: str, route: Route, wish: str, people: list[str], rounds: int
    ) -> None:
        self.stage.ask(person, f"divert {route} {wish}", HOME, 1)
        self.stage.work_on(4)
        self.approve(place=0, people=people, rounds=rounds)

    @precondition(lambda self: self.stage.cards)
    @rule(place=_cards, route=_routes, wish=_wishes, deliveries=st.integers(1, 2))
    def edit(self, *, place: int, route: Route, wish: str, deliveries: int) -> None:
        self.stage.edit(place, f"divert {route} {wish}", deliveries)

    @precondition(lambda self: self.stage.cards)
    @rule(place=_cards, person=_people, verdict=st.sampled_from(Verdict), back=_back)
    def click(self, *, place: int, person: str, verdict: Verdict, back: int) -> None:
        """A button of any card that ever hung in Slack, the newest or an older one."""
        self.stage.press(place, person, verdict, back)

    @precondition(lambda self: self.stage.cards)
    @rule(place=_cards, people=_approvers, rounds=_rounds)
    def approve(self, *, place: int, people: list[str], rounds: int) -> None:
        """Everybody at once, or at least in the approvers' role."""
        for person in people:
            self.stage.press(place, person, Verdict.APPROVE, 0)
        self.stage.work_on(rounds)

    @precondition(lambda self: self.stage.cards)
    @rule(place=_cards, people=_approvers)
    def lose_an_approver_before_the_start(self, *, place: int, people: list[str]) -> None:
        for person in people:
            self.stage.press(place, person, Verdict.APPROVE, 0)
        self.stage.work_on_clicks()
        self.everything_holds()  # by the policy that they decided under
        self.stage.set_approvers(APPROVERS - {people[0]})
        self.stage.work_on(2)

    @precondition(lambda self: self.stage.cards)
    @rule(place=_cards, number=_few)
    def approve_what_is_too_old(self, *, place: int, number: int) -> None:
        """It is planned again, with one phone more or less, and approved by the card before."""
        self.stage.pass_time(3700.0)
        self.stage.move_phone(number, CloudRoute.DIRECT)
        self.stage.press(place, BOB, Verdict.APPROVE, 0)
        self.stage.work_on(3)
        self.stage.press(place, CAROL, Verdict.APPROVE, 1)
        self.stage.work_on(1)

    @precondition(lambda self: self.stage.cards)
    @rule(place=_cards, verdict=st.sampled_from([Verdict.RESUME, Verdict.CANCEL]))
    def steer(self, *, place: int, verdict: Verdict) -> None:
        self.stage.press(place, ALICE, verdict, 0)

    @rule(person=_people, text=st.sampled_from(["phones", "plan routing name:mobile-00*"]))
    def look(self, *, person: str, text: str) -> None:
        self.stage.look(person, text)

    @rule(lost=st.sampled_from([frozenset(), *(frozenset({one}) for one in sorted(APPROVERS))]))
    def change_approvers(self, *, lost: frozenset[str]) -> None:
        self.stage.set_approvers(APPROVERS - lost)

    # Operators

    @rule(person=_operators, pauses=_orders, project=_scopes, deliveries=st.integers(1, 2))
    def order(self, *, person: str, pauses: bool, project: str, deliveries: int) -> None:
        self.stage.order(person, pauses=pauses, project=project, deliveries=deliveries)

    @rule(person=_operators, project=_scopes, rounds=_rounds)
    def pause_and_resume(self, *, person: str, project: str, rounds: int) -> None:
        self.stage.order(person, pauses=True, project=project)
        self.stage.work_on(rounds)
        self.stage.order(DAN, pauses=False, project=project)
        self.stage.work_on(2)

    @rule(seconds=_seconds, steps=_few)
    def freeze(self, *, seconds: float, steps: int) -> None:
        self.stage.freeze(seconds)
        self.stage.work_between_sweeps(steps)

    @rule(wish=_wishes, seconds=_seconds, steps=_few)
    def freeze_what_has_just_begun(self, *, wish: str, seconds: float, steps: int) -> None:
        self.stage.ask(ALICE, f"divert routing {wish}", FREE, 1)
        strike(self.stage.sky, "busy", 2, [Kind.IMPORT_TRAFFIC])
        self.stage.work_on(5)
        self.freeze(seconds=seconds, steps=steps)

    @rule()
    def drop_the_freezes(self) -> None:
        self.stage.set_freezes()

    # Time and work

    @rule(seconds=_seconds)
    def wait(self, *, seconds: float) -> None:
        self.stage.pass_time(seconds)

    @rule(places=_places)
    def work(self, *, places: list[int]) -> None:
        """Some pieces of the work that is due."""
        self.stage.work(places)

    @rule(rounds=_rounds)
    def work_on(self, *, rounds: int) -> None:
        """All work that is due, and what follows from it."""
        self.stage.work_on(rounds)

    # Trouble

    @rule(points=_points, places=_places)
    def be_killed_at_work(self, *, points: int, places: list[int]) -> None:
        self.stage.life.fuse.left = points
        self.stage.work(places)
        self.stage.kill()

    @rule(points=_points, rounds=_rounds)
    def be_killed_soon(self, *, points: int, rounds: int) -> None:
        self.stage.life.fuse.left = points
        self.stage.work_on(rounds)

    @rule(name=st.sampled_from(WEATHER), calls=_calls, kinds=st.sampled_from(KINDS))
    def cloud_is_in_trouble(self, *, name: str, calls: int | None, kinds: list[Kind]) -> None:
        strike(self.stage.sky, name, calls, kinds)

    @rule()
    def cloud_is_well(self) -> None:
        self.stage.sky.clear()

    @rule(number=_few, order=st.sampled_from(sorted(ORDERS)))
    def phone_is_in_trouble(self, *, number: int, order: str) -> None:
        ORDERS[order](self.stage, number)

    @rule(rounds=_rounds)
    def slack_is_away(self, *, rounds: int) -> None:
        self.stage.workspace.away = True
        self.stage.work_on(rounds)
        self.stage.workspace.away = False

    # What must hold

    @invariant()
    def everything_holds(self) -> None:
        self.whole = False
        hold(self.stage)
        self.whole = True

    def teardown(self) -> None:
        try:
            if self.whole:
                come_to_rest(self.stage)
        finally:
            self.stage.close()


def test_whatever_happens_nothing_is_lost_and_nothing_is_told_that_is_not(tmp_path: Path) -> None:
    class Here(PeopleAndTrouble):
        empty = tmp_path / "empty.sqlite"
        folder = tmp_path / "ledger"

    make_database(Here.empty)
    Here.folder.mkdir()
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=int(EXAMPLES or 6),
            stateful_step_count=STEPS,
            derandomize=EXAMPLES is None,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

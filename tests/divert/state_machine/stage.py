"""Where the machine plays: the world outside, and one process of the bot after the other."""

from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Row

from bot.divert import replacing
from bot.divert.click import Click, Verdict, record_click
from bot.divert.grammar import Divert, read_command
from bot.divert.intake import drafted, record
from bot.divert.look import Look, record_look
from bot.divert.order import Order, record_order
from bot.divert.pause import EVERY
from bot.divert.policy import Freeze
from bot.divert.replacing import NotReplaced
from bot.divert.request import Draft
from bot.divert.sentence import Card, ToPerson
from bot.divert.transaction import Run, Transaction
from bot.divert.wording import words_in
from bot.store.database import open_database
from bot.store.migrate import upgrade
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.phone import Phone, Route
from tests.cph.opening import DEMO
from tests.cph.virtual import START, VirtualClock, VirtualLoop
from tests.divert.state_machine.always import Memory
from tests.divert.state_machine.gateway import Sky
from tests.divert.state_machine.life import HOME, Life, Outside
from tests.divert.state_machine.people import APPROVERS, policy_with, workspace_people
from tests.divert.state_machine.sends import Witness
from tests.divert.state_machine.slack import Workspace
from tests.divert.state_machine.stands import Stretch, cut
from tests.divert.state_machine.truth import Truth
from tests.divert.state_machine.works import metadata

T = TypeVar("T")
PHONES: Final = 160  # of which 106 are two batches


def fleet() -> Fleet:
    """On three servers; every third phone of those that people name is on `routing` already."""
    made = Fleet.build(phones=PHONES, servers=3, routing_share=0.0)
    for phone in made.newest_first[::3]:
        phone.put_on(Route.ROUTING)
    return made


def make_database(path: Path) -> None:
    """An empty ledger with the table of works beside it."""
    database = open_database(f"sqlite:///{path}")
    with database.writing.begin() as connection:
        upgrade(connection)
        metadata.create_all(connection)
    database.writing.dispose()


@dataclass(slots=True)
class Stage:
    """`clicks` are all that people have pressed, whether or not the bot has taken them."""

    path: Path
    loop: VirtualLoop = field(default_factory=VirtualLoop)
    sky: Sky = field(init=False)
    workspace: Workspace = field(default_factory=lambda: Workspace(workspace_people()))
    approvers: frozenset[str] = APPROVERS
    freezes: tuple[Freeze, ...] = ()
    frozen: list[Stretch] = field(default_factory=list)  # when a freeze stood, or will
    orders: list[Order] = field(default_factory=list)
    clicks: list[Click] = field(default_factory=list)
    asked: int = 0
    moved: dict[str, float] = field(default_factory=dict)  # by somebody else: phone, and when
    said_again: Counter[str] = field(default_factory=Counter)
    memory: Memory = field(default_factory=Memory)
    outside: Outside = field(init=False)
    life: Life = field(init=False)

    def __post_init__(self) -> None:
        self.sky = Sky.over(fleet(), self.loop)
        policy = [policy_with(self.approvers)]
        self.outside = Outside(f"sqlite:///{self.path}", self.sky, self.workspace, policy)
        self.be_born()

    def be_born(self) -> None:
        self.life = self.do(Life.begin(self.outside, self.see_sent))

    def close(self) -> None:
        self.life.database.drop()
        self.loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def act(self, *works: Coroutine[Any, Any, object]) -> None:
        """Let the bot work; where it is killed, another begins with nothing but the file."""
        self.do(self.life.live(*works))
        for failure in self.life.runner.failed:
            raise failure
        if self.life.fuse.dead:
            self.be_reborn()

    def be_reborn(self) -> None:
        """What was said and not marked as said may be said again, once for each crash."""
        truth = self.truth()
        unmarked = {one.id for one in truth.posts if not one.posted}
        self.said_again.update(unmarked & set(self.workspace.said))
        self.life.database.drop()
        self.be_born()

    def truth(self) -> Truth:
        return self.life.database.look(Truth.read)

    def see_sent(self, route: str, phone_ids: Sequence[str]) -> str:
        witness = Witness(self.truth(), self.sky)
        request_id = witness.request_of(route, phone_ids)
        witness.is_approved(request_id)
        witness.repeats_only_what_may_be_lost(request_id, phone_ids)
        return request_id

    def pass_time(self, seconds: float) -> None:
        self.do(VirtualClock().sleep(seconds))

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.loop.time())

    def set_approvers(self, approvers: frozenset[str]) -> None:
        self.approvers = approvers
        self.outside.policy.append(policy_with(approvers, self.freezes))

    def set_freezes(self, *freezes: Freeze) -> None:
        self.freezes = freezes
        self.frozen = cut(self.frozen, self.now, freezes)
        self.set_approvers(self.approvers)

    def freeze(self, seconds: float, name: str = "a freeze") -> None:
        """From now on, for so many seconds."""
        until = self.now + timedelta(seconds=seconds)
        self.set_freezes(*self.freezes, Freeze(name, start=self.now, until=until))

    def order(
        self, person: str, *, pauses: bool, project: str = EVERY, deliveries: int = 1
    ) -> Order:
        """An operator's command, or somebody's who would like to be one."""
        self.asked += 1
        key = f"order-{self.asked}"
        order = Order(key, person, project, pauses, "why not", HOME, f"https://slack/{key}")
        self.orders.append(order)
        for _ in range(deliveries):
            self.act(self.life.world.ledger.write(lambda tx: record_order(tx, order)))
        return order

    def due(self) -> list[Row[Any]]:
        return self.do(_later(self.life.runner.due))

    @property
    def phones(self) -> list[Phone]:
        return self.sky.cloud.main.fleet.newest_first

    @property
    def cards(self) -> list[Card]:
        """The cards that hang in Slack or ever did, each version once."""
        return [card for _, card in self.workspace.shown]

    def ask(self, person: str, text: str, channel: str, deliveries: int) -> None:
        """A command as it is typed, which Slack may deliver twice."""
        wish = read_command(text)
        assert isinstance(wish, Divert)
        key = f"ask-{self.asked}"
        self.asked += 1
        by = ToPerson(person, channel, f"https://slack/{key}")
        draft = drafted(wish, by, DEMO, words_in("en"), key)
        for _ in range(deliveries):
            self.act(self.life.world.ledger.write(lambda tx: record(tx, draft)))

    def edit(self, place: int, text: str, deliveries: int) -> None:
        """The form of a request that has a card, sent with something else in it by who asked."""
        wish, request_id = read_command(text), self.known(place)
        assert isinstance(wish, Divert)
        key = f"edit-{self.asked}"
        self.asked += 1
        person = self.truth().requests[request_id].draft["requester"]
        by = ToPerson(person, HOME, f"https://slack/{key}")
        draft = replace(drafted(wish, by, DEMO, words_in("en"), key), replaces=request_id)
        for _ in range(deliveries):
            self.act(self.life.world.ledger.write(lambda tx: self._replace(tx, draft)))

    def _replace(self, tx: Transaction, draft: Draft) -> None:
        with suppress(NotReplaced):
            replacing.ask(self.life.world, tx, draft)

    def known(self, place: int) -> str:
        """A request that has a card, counted from the newest."""
        ids = list(dict.fromkeys(card.request_id for card in self.cards))
        return ids[-1 - place % len(ids)]

    def look(self, person: str, text: str) -> None:
        self.asked += 1
        look = Look(f"look-{self.asked}", person, DEMO, text, HOME)
        self.act(self.life.world.ledger.write(lambda tx: record_look(tx, look)))

    def press(self, place: int, person: str, verdict: Verdict, back: int) -> None:
        """On the latest card of a request, or on one that hung there `back` plans before."""
        cards = self.cards
        if not cards:
            return
        request_id = self.known(place)
        plans = [
            button.plan
            for card in cards
            if card.request_id == request_id
            for button in card.buttons
        ]
        distinct = list(dict.fromkeys(plans)) or [""]
        self.click(request_id, person, verdict, distinct[-1 - back % len(distinct)])

    def work(self, places: Sequence[int]) -> None:
        """Some of the work that is due, side by side."""
        due = self.due()
        chosen = {place % len(due): due[place % len(due)] for place in places if due}
        self.act(self.life.run(list(chosen.values())))

    def work_on_clicks(self) -> None:
        self.act(self.life.run([one for one in self.due() if one.run == Run.DECIDE]))

    def work_on_orders(self) -> None:
        self.act(self.life.run([one for one in self.due() if one.run == Run.OPERATE]))

    def work_on(self, steps: int) -> None:
        for _ in range(steps):
            self.go_on()

    def work_between_sweeps(self, steps: int) -> None:
        """All that is due, so many times, or wait for what comes next."""
        for _ in range(steps):
            if not self.due():
                self.pass_time(2.0)
            self.act(self.life.run(self.due()))

    def go_on(self) -> bool:
        """Do all that is due, or wait for what comes next; False if nothing does."""
        self.act(self.life.round())
        if due := self.due():
            self.act(self.life.run(due))
        elif waiting := self.life.runner.waiting():
            self.pass_time(max(waiting[0].due - self.loop.time(), 0.0))
        else:
            return False
        return True

    def kill(self) -> None:
        """Between two pieces of work, where nothing has killed it before."""
        if self.life.fuse.left is not None:
            self.be_reborn()

    def move_phone(self, number: int, route: Route) -> None:
        phone = self.phones[number]
        phone.put_on(route)
        self.moved[phone.phone_id] = self.sky.cloud.now()

    def click(self, request_id: str, person: str, verdict: Verdict, plan: str) -> None:
        """Somebody presses a button; it is kept before Slack hears that it was."""
        key = f"click-{len(self.clicks)}"
        click = Click(key, request_id, person, verdict, plan, reply_url=f"https://slack/{key}")
        self.clicks.append(click)
        self.act(self.life.world.ledger.write(lambda tx: record_click(tx, click)))


async def _later(work: Any) -> Any:  # noqa: ANN401 - whatever it gives
    """In the loop, for its clock."""
    return work()

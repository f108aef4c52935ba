"""Expected decisions, as a TOML file has them: `cph-bot policy test` holds the policy to them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.command_line.policy_trial import NoWish, Situation, Trial, try_out
from bot.command_line.policy_words import decided, said
from bot.config_file import ConfigFile
from bot.divert.policy import Allowed, Why
from bot.policy_file import Channel, Moment, Section, Tag, UserOrGroup, slack_id

Person = Annotated[str, slack_id("UW", "U0ALICE")]


class Expected(StrEnum):
    """How a decision may be wanted."""

    ALLOW = "allow"
    REFUSE = "refuse"
    BREAK_GLASS = "break_glass"


class Case(Section):
    """Who says what, and what is to come of it; what is left out does not matter."""

    name: str = Field(min_length=1)
    person: Person = Field(alias="as")
    groups: tuple[UserOrGroup, ...] = ()
    channel: Channel = Field(alias="in")
    say: str
    phones: int | None = Field(default=None, ge=0)
    servers: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    fleet: int | None = Field(default=None, ge=0)
    at: Moment | None = None
    expect: Expected
    rule: str | None = None
    approvals: int | None = Field(default=None, ge=0)
    why: Why | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.approvals is not None and self.expect is not Expected.ALLOW:
            raise ValueError("approvals: there are none unless it is to be allowed")
        if self.why is not None and self.expect is not Expected.REFUSE:
            raise ValueError("why: there is none unless it is to be refused")
        return self

    def situation(self, now: datetime) -> Situation:
        at = self.at or now
        return Situation(
            self.person,
            self.channel,
            self.say,
            at if at.tzinfo else at.replace(tzinfo=UTC),
            self.groups,
            self.phones,
            self.servers,
            self.tags,
            self.fleet,
        )


class CasesFile(Section):
    case: tuple[Case, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_stand_for_one(self) -> Self:
        names = [one.name for one in self.case]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"case: the name {twice[0]!r} stands for more than one")
        return self


def failures(file: ConfigFile, cases: CasesFile, now: datetime) -> Iterator[str]:
    """A line for each case that comes out otherwise, with what came instead."""
    for case in cases.case:
        try:
            trial = try_out(file, case.situation(now))
        except NoWish as wrong:
            yield f"{case.name}: {' '.join(map(said, wrong.sentences))}"
            continue
        if differing := list(_differing(case, trial)):
            yield f"{case.name}: {', '.join(differing)}; {decided(trial)}"


def _differing(case: Case, trial: Trial) -> Iterator[str]:
    """What is not as expected."""
    decision = trial.breaking if case.expect is Expected.BREAK_GLASS else trial.decision
    if isinstance(decision, Allowed) == (case.expect is Expected.REFUSE):
        yield f"not {case.expect}"
        return
    rule = decision.rule.name if isinstance(decision, Allowed) else decision.rule
    if case.rule is not None and rule != case.rule:
        yield f"by {f'the rule {rule!r}' if rule else 'no rule'} and not {case.rule!r}"
    approvals = sum(stage.count for stage in trial.stages)
    if case.approvals is not None and approvals != case.approvals:
        yield f"{approvals} approvals and not {case.approvals}"
    if case.why is not None and not isinstance(decision, Allowed) and decision.why is not case.why:
        yield f"{decision.why} and not {case.why}"

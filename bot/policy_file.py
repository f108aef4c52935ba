"""The policy's part of the TOML file: roles, rules, and what applies beside them."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from bot.divert.phones import Route
from bot.divert.policy import Approving, Effect, Freeze, Hours, Kind, Protected, Rule, Stage
from bot.divert.policy.hours import read_span

_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_ID: Final = re.compile(r"[A-Z0-9]{2,}")
_SHARE: Final = re.compile(r"(\d+(?:\.\d+)?) ?%")


def read_duration(text: object) -> timedelta:
    """Read "200ms", "5s", "30m", "2h" or "90d"."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None or not float(match[1]):
        raise ValueError(f'{text!r} is no duration; write one like "200ms", "5s", "30m" or "2h"')
    return timedelta(seconds=float(match[1]) * _UNITS[match[2]])


def read_share(text: object) -> float:
    """Read "20%" as 0.2."""
    match = _SHARE.fullmatch(text) if isinstance(text, str) else None
    if match is None or float(match[1]) > 100:  # noqa: PLR2004 - per cent
        raise ValueError(f'{text!r} is no share; write one like "20%"')
    return float(Decimal(match[1]) / 100)  # the nearest to it, as phones by phones are


def _read_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; write one like Europe/Berlin") from None


def _read_moment(given: object) -> datetime:
    """Read a date or a time of a day, by the zone beside it."""
    try:
        return datetime.fromisoformat(str(given))
    except ValueError:
        raise ValueError(f'{given!r} is no time; write one like "2026-12-24T18:00"') from None


def _read_tag(text: str) -> str:
    key, marked, _ = text.partition("=")
    if not key or not marked or "*" in key:
        raise ValueError(f"{text!r} is no tag; write one like env=prod or env=*")
    return text


def slack_id(kinds: str, example: str) -> AfterValidator:
    """Check an id of Slack by its first letter, which says of what it is."""

    def read(text: str) -> str:
        if text[:1] not in set(kinds) or not _ID.fullmatch(text):
            raise ValueError(f"{text!r} is no id; ids here look like {example}")
        return text

    return AfterValidator(read)


Duration = Annotated[timedelta, BeforeValidator(read_duration)]
Channel = Annotated[str, slack_id("CGD", "C0OPS")]
UserOrGroup = Annotated[str, slack_id("UWS", "U0ALICE or S0OPS")]
Share = Annotated[float, BeforeValidator(read_share)]
Zone = Annotated[str, AfterValidator(_read_zone)]
Moment = Annotated[datetime, BeforeValidator(_read_moment)]
Pattern = Annotated[str, Field(min_length=1)]
Tag = Annotated[str, AfterValidator(_read_tag)]


class Section(BaseModel):
    """A part of the file; a key that it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EscalateSection(Section):
    after: Duration
    to: tuple[str, ...] = Field(min_length=1)


class ApprovalSection(Section):
    count: int = Field(default=1, ge=1, le=10)
    roles: tuple[str, ...] = Field(alias="from", min_length=1)
    escalate: EscalateSection | None = None

    def stage(self) -> Stage:
        up = self.escalate
        return Stage(self.count, self.roles, up.after if up else None, up.to if up else ())


Approvals = tuple[ApprovalSection, ...]


class RuleSection(Section):
    """A rule; what is left out means any, but an allowing one always says its `approvals`."""

    name: str = ""
    effect: Effect = Effect.ALLOW
    who: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    channels: tuple[Channel, ...] = ()
    selections: tuple[Kind, ...] = ()
    servers: tuple[Pattern, ...] = ()
    tags: tuple[Tag, ...] = ()
    min_phones: int | None = Field(default=None, ge=1)
    max_phones: int | None = Field(default=None, ge=1)
    min_share: Share | None = None
    max_share: Share | None = None
    hours: tuple[str, ...] = ()
    zone: Zone = "UTC"
    approvals: Approvals | None = None
    self_approval: bool = False
    expires: Duration | None = None

    @model_validator(mode="after")
    def _says_who_approves(self) -> Self:
        if self.effect is Effect.ALLOW and self.approvals is None:
            raise ValueError("approvals: missing; write [] if none are needed")
        if self.effect is not Effect.ALLOW and self.approvals is not None:
            raise ValueError(f"approvals: a rule of the effect {self.effect} has none")
        if self.effect is Effect.BREAK_GLASS and not self.who:
            raise ValueError("who: missing; say which roles may break the glass")
        _hours(self.hours, self.zone)
        return self

    def rule(self, number: int) -> Rule:
        plain = self.model_dump(exclude={"name", "hours", "zone", "approvals"})
        return Rule(
            **plain,
            name=self.name or f"rule {number}",
            hours=_hours(self.hours, self.zone),
            approvals=tuple(one.stage() for one in self.approvals or ()),
        )


class ProtectedSection(Section):
    """Servers, by name or tag, that need more approvals than the rule says."""

    servers: tuple[Pattern, ...] = ()
    tags: tuple[Tag, ...] = ()
    projects: tuple[str, ...] = ()
    approvals: Approvals = Field(min_length=1)

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.servers and not self.tags:
            raise ValueError("servers: missing; name servers or tags to protect")
        return self

    def protected(self) -> Protected:
        stages = tuple(one.stage() for one in self.approvals)
        return Protected(self.servers, self.tags, self.projects, stages)


class FreezeSection(Section):
    """When nothing is sent: from one time until another, or in hours of each week."""

    name: str = Field(min_length=1)
    start: Moment | None = Field(default=None, alias="from")
    until: Moment | None = None
    hours: tuple[str, ...] = ()
    zone: Zone = "UTC"
    projects: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_some_time(self) -> Self:
        if not self.hours and self.start is None and self.until is None:
            raise ValueError("from: missing; say from when until when, or in which hours")
        freeze = self.freeze()
        if freeze.start and freeze.until and freeze.start >= freeze.until:
            raise ValueError("until: is not later than from")
        return self

    def freeze(self) -> Freeze:
        start, until = (_zoned(moment, self.zone) for moment in (self.start, self.until))
        return Freeze(self.name, self.projects, start, until, _hours(self.hours, self.zone))


class ApprovingSection(Section):
    """How people are asked to approve."""

    tell: Literal["card", "direct"] = "card"
    remind: Duration | None = None
    type_above: int | None = Field(default=None, ge=0)

    def approving(self) -> Approving:
        return Approving(self.tell == "direct", self.remind, self.type_above)


def _hours(texts: tuple[str, ...], zone: str) -> Hours | None:
    try:
        return Hours(tuple(map(read_span, texts)), zone) if texts else None
    except ValueError as mistake:
        raise ValueError(f"hours: {mistake}") from None


def _zoned(moment: datetime | None, zone: str) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=ZoneInfo(zone))

"""The TOML file's shape. A mistake is told with its key; an unknown key is one."""

import re
from datetime import timedelta
from typing import Annotated, Final, Literal, Self

from babel import Locale
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from bot.divert.phones import Route
from bot.divert.policy import Policy, Rule, Stage

_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_USER_OR_GROUP: Final = r"^[UWS][A-Z0-9]+$"
_CHANNEL: Final = r"^[CGD][A-Z0-9]+$"


def read_duration(text: object) -> timedelta:
    """Read "200ms", "5s", "30m" or "2h"."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None or not float(match[1]):
        raise ValueError(f'{text!r} is no duration; write one like "200ms", "5s", "30m" or "2h"')
    return timedelta(seconds=float(match[1]) * _UNITS[match[2]])


Duration = Annotated[timedelta, BeforeValidator(read_duration)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SecretNames(_Section):
    """The environment variables a project's credentials come from."""

    ak: str = "HUAWEICLOUD_SDK_AK"
    sk: str = "HUAWEICLOUD_SDK_SK"
    security_token: str = "HUAWEICLOUD_SDK_SECURITY_TOKEN"  # noqa: S105 - a name, not a token
    domain: str = "HW_DOMAIN_NAME"
    user: str = "HW_USER_NAME"
    password: str = "HW_USER_PASSWORD"  # noqa: S105 - a name, not a password


class ProjectSection(_Section):
    """One project of one region."""

    region: str = Field(pattern=r"^[a-z0-9-]+$")
    project_id: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    endpoint: str | None = Field(default=None, pattern=r"^https?://")
    iam_endpoint: str | None = Field(default=None, pattern=r"^https?://")
    credentials: Literal["ak_sk", "token"] = "ak_sk"
    secrets: SecretNames = SecretNames()
    channel: str = Field(pattern=_CHANNEL)
    language: str = "en"

    @field_validator("language")
    @classmethod
    def _known(cls, language: str) -> str:
        try:
            return str(Locale.parse(language, sep="-" if "-" in language else "_"))
        except Exception:  # noqa: BLE001 - babel raises several kinds for the same mistake
            raise ValueError(f"{language!r} is no language; write one like en or zh_CN") from None


class LimitsSection(_Section):
    calls_per_second: float = Field(default=10, gt=0, le=100_000)
    concurrency: int = Field(default=16, ge=1, le=256)
    file_ids: int = Field(default=100_000, ge=1, le=1_000_000)


class TimesSection(_Section):
    approval: Duration = timedelta(hours=8)
    plan_max_age: Duration = timedelta(hours=1)
    first_poll: Duration = timedelta(seconds=10)
    poll: Duration = timedelta(seconds=5)
    job_deadline: Duration = timedelta(minutes=30)


class ApprovalSection(_Section):
    count: int = Field(default=1, ge=1, le=10)
    roles: tuple[str, ...] = Field(alias="from", min_length=1)


class RuleSection(_Section):
    """A rule; what is left out means any, but `approvals` is always said."""

    name: str = ""
    who: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    channels: tuple[Annotated[str, Field(pattern=_CHANNEL)], ...] = ()
    max_phones: int | None = Field(default=None, ge=1)
    approvals: tuple[ApprovalSection, ...]
    self_approval: bool = False

    def rule(self, number: int) -> Rule:
        return Rule(
            name=self.name or f"rule {number}",
            who=self.who,
            projects=self.projects,
            routes=self.routes,
            channels=self.channels,
            max_phones=self.max_phones,
            approvals=tuple(Stage(one.count, one.roles) for one in self.approvals),
            self_approval=self.self_approval,
        )


class ConfigFile(_Section):
    """The whole file."""

    projects: dict[str, ProjectSection] = Field(min_length=1)
    limits: LimitsSection = LimitsSection()
    times: TimesSection = TimesSection()
    roles: dict[str, tuple[Annotated[str, Field(pattern=_USER_OR_GROUP)], ...]] = {}
    rules: tuple[RuleSection, ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for number, rule in enumerate(self.rules):
            self._known(f"rules.{number}.who", rule.who, self.roles)
            self._known(f"rules.{number}.projects", rule.projects, self.projects)
            for stage in rule.approvals:
                self._known(f"rules.{number}.approvals.from", stage.roles, self.roles)
        return self

    @staticmethod
    def _known(key: str, names: tuple[str, ...], known: dict[str, object] | object) -> None:
        there = known if isinstance(known, dict) else {}
        for name in names:
            if name not in there:
                choices = ", ".join(sorted(there)) or "none"
                raise ValueError(f"{key}: {name!r} is not defined; there is {choices}")

    def policy(self) -> Policy:
        roles = {name: frozenset(members) for name, members in self.roles.items()}
        return Policy(roles, tuple(one.rule(n) for n, one in enumerate(self.rules, 1)))

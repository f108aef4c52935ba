"""The TOML file's shape. A mistake is told with its key; an unknown key is one."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from babel import Locale
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from bot.divert.phones import Route
from bot.divert.policy import Policy, Rule, Stage

_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_ID: Final = re.compile(r"[A-Z0-9]{2,}")


def read_duration(text: object) -> timedelta:
    """Read "200ms", "5s", "30m" or "2h"."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None or not float(match[1]):
        raise ValueError(f'{text!r} is no duration; write one like "200ms", "5s", "30m" or "2h"')
    return timedelta(seconds=float(match[1]) * _UNITS[match[2]])


def read_url(text: str) -> str:
    """Read the address of a server, without the slash at its end.

    Raises:
        ValueError: it is none. The reason does not repeat it, as it may hold a password.
    """
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_url = False
    if not is_url or parts.username is not None:
        raise ValueError("is no http or https URL such as https://host or https://host:8443")
    if parts.query or parts.fragment:
        raise ValueError("has something behind ? or #")
    return text.rstrip("/")


def _read_origin(text: str) -> str:
    """Read an endpoint; the paths below it are ours."""
    url = read_url(text)
    if urlsplit(url).path:
        raise ValueError("has a path; name the host only, such as https://host")
    return url


def _slack_id(kinds: str, example: str) -> AfterValidator:
    def read(text: str) -> str:
        if text[:1] not in set(kinds) or not _ID.fullmatch(text):
            raise ValueError(f"{text!r} is no id; ids here look like {example}")
        return text

    return AfterValidator(read)


Duration = Annotated[timedelta, BeforeValidator(read_duration)]
Endpoint = Annotated[str, AfterValidator(_read_origin)]
Channel = Annotated[str, _slack_id("CGD", "C0OPS")]
UserOrGroup = Annotated[str, _slack_id("UWS", "U0ALICE or S0OPS")]


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
    endpoint: Endpoint | None = None
    iam_endpoint: Endpoint | None = None
    credentials: Literal["ak_sk", "token"] = "ak_sk"
    secrets: SecretNames = SecretNames()
    channel: Channel
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
    channels: tuple[Channel, ...] = ()
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
    roles: dict[str, tuple[UserOrGroup, ...]] = {}
    rules: tuple[RuleSection, ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        """Tell all names that nothing stands for, a line each."""
        wrong = [line for n, rule in enumerate(self.rules) for line in self._undefined(n, rule)]
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    @model_validator(mode="after")
    def _rules_have_names_of_their_own(self) -> Self:
        """A plan keeps the name of its rule, so a name stands for one."""
        names = [rule.rule(n).name for n, rule in enumerate(self.rules, 1)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"rules: the name {twice[0]!r} stands for more than one")
        return self

    def _undefined(self, number: int, rule: RuleSection) -> Iterator[str]:
        stages = (name for stage in rule.approvals for name in stage.roles)
        for key, names, known in (
            ("who", rule.who, self.roles.keys()),
            ("projects", rule.projects, self.projects.keys()),
            ("approvals.from", stages, self.roles.keys()),
        ):
            choices = ", ".join(sorted(known)) or "none"
            for name in names:
                if name not in known:
                    yield f"rules.{number}.{key}: {name!r} is not defined; there is {choices}"

    def policy(self) -> Policy:
        roles = {name: frozenset(members) for name, members in self.roles.items()}
        return Policy(roles, tuple(one.rule(n) for n, one in enumerate(self.rules, 1)))

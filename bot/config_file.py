"""The TOML file's shape. A mistake is told with its key; an unknown key is one."""

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from babel import Locale
from pydantic import AfterValidator, Field, field_validator, model_validator

from bot.divert.policy import Policy
from bot.divert.world import Project
from bot.policy_file import (
    Approvals,
    ApprovingSection,
    Channel,
    Duration,
    FreezeSection,
    ProtectedSection,
    RuleSection,
    Section,
    UserOrGroup,
)


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


Endpoint = Annotated[str, AfterValidator(_read_origin)]


class SecretNames(Section):
    """The environment variables a project's credentials come from."""

    ak: str = "HUAWEICLOUD_SDK_AK"
    sk: str = "HUAWEICLOUD_SDK_SK"
    security_token: str = "HUAWEICLOUD_SDK_SECURITY_TOKEN"  # noqa: S105 - a name, not a token
    domain: str = "HW_DOMAIN_NAME"
    user: str = "HW_USER_NAME"
    password: str = "HW_USER_PASSWORD"  # noqa: S105 - a name, not a password


class ProjectSection(Section):
    """One project of one region."""

    region: str = Field(pattern=r"^[a-z0-9-]+$")
    project_id: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    endpoint: Endpoint | None = None
    iam_endpoint: Endpoint | None = None
    credentials: Literal["ak_sk", "token"] = "ak_sk"
    secrets: SecretNames = SecretNames()
    channel: Channel
    channels: tuple[Channel, ...] = ()  # a command given there means this project
    language: str = "en"

    @field_validator("language")
    @classmethod
    def _known(cls, language: str) -> str:
        try:
            return str(Locale.parse(language, sep="-" if "-" in language else "_"))
        except Exception:  # noqa: BLE001 - babel raises several kinds for the same mistake
            raise ValueError(f"{language!r} is no language; write one like en or zh_CN") from None


class OperatorsSection(Section):
    """Who keeps the bot's machine and database running."""

    channel: Channel | None = None  # where they are told of trouble; else the first project's
    who: tuple[str, ...] = ()  # roles that may pause and resume


class LimitsSection(Section):
    calls_per_second: float = Field(default=10, gt=0, le=100_000)
    concurrency: int = Field(default=16, ge=1, le=256)
    file_ids: int = Field(default=100_000, ge=1, le=1_000_000)


class TimesSection(Section):
    approval: Duration = timedelta(hours=8)
    plan_max_age: Duration = timedelta(hours=1)
    first_poll: Duration = timedelta(seconds=10)
    poll: Duration = timedelta(seconds=5)
    job_deadline: Duration = timedelta(minutes=30)
    # A name is given again once its request has gone, so the work under it must have gone earlier,
    # and that stays for a day; see `engine/retention.py`.
    keep: Duration = Field(default=timedelta(days=90), ge=timedelta(days=2))


class ConfigFile(Section):
    """The whole file."""

    projects: dict[str, ProjectSection] = Field(min_length=1)
    limits: LimitsSection = LimitsSection()
    times: TimesSection = TimesSection()
    operators: OperatorsSection = OperatorsSection()
    roles: dict[str, tuple[UserOrGroup, ...]] = Field(default_factory=dict)
    rules: tuple[RuleSection, ...] = ()
    protected: tuple[ProtectedSection, ...] = ()
    freezes: tuple[FreezeSection, ...] = ()
    approving: ApprovingSection = ApprovingSection()

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        """Tell all names that nothing stands for, a line each."""
        if wrong := list(self._undefined()):
            raise ValueError("\n".join(wrong))
        return self

    @model_validator(mode="after")
    def _channels_mean_one_project(self) -> Self:
        owners: dict[str, str] = {}
        for name, project in self.projects.items():
            for channel in project.channels:
                if owners.setdefault(channel, name) != name:
                    raise ValueError(
                        f"projects.{name}.channels: {channel!r} is project {owners[channel]}'s"
                    )
        return self

    @model_validator(mode="after")
    def _rules_have_names_of_their_own(self) -> Self:
        """A plan keeps the name of its rule, so a name stands for one."""
        names = [rule.rule(n).name for n, rule in enumerate(self.rules, 1)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"rules: the name {twice[0]!r} stands for more than one")
        return self

    def _undefined(self) -> Iterator[str]:
        yield from _not_in("operators.who", self.operators.who, self.roles)
        for kind in ("rules", "protected", "freezes"):
            for number, one in enumerate(getattr(self, kind)):
                yield from _not_in(f"{kind}.{number}.projects", one.projects, self.projects)
        for number, rule in enumerate(self.rules):
            yield from _not_in(f"rules.{number}.who", rule.who, self.roles)
            yield from self._no_approvers(f"rules.{number}", rule.approvals or ())
        for number, one in enumerate(self.protected):
            yield from self._no_approvers(f"protected.{number}", one.approvals)

    def _no_approvers(self, key: str, approvals: Approvals) -> Iterator[str]:
        for stage in approvals:
            yield from _not_in(f"{key}.approvals.from", stage.roles, self.roles)
            more = stage.escalate.to if stage.escalate else ()
            yield from _not_in(f"{key}.approvals.escalate.to", more, self.roles)

    def operators_channel(self) -> str:
        return self.operators.channel or next(iter(self.projects.values())).channel

    def named_channels(self) -> frozenset[str]:
        projects = self.projects.values()
        return frozenset(name for one in projects for name in (one.channel, *one.channels))

    def known_projects(self) -> dict[str, Project]:
        return {
            name: Project(name, one.channel, one.language, frozenset(one.channels))
            for name, one in self.projects.items()
        }

    def policy(self) -> Policy:
        return Policy(
            roles={name: frozenset(members) for name, members in self.roles.items()},
            rules=tuple(one.rule(n) for n, one in enumerate(self.rules, 1)),
            protected=tuple(one.protected() for one in self.protected),
            freezes=tuple(one.freeze() for one in self.freezes),
            operators=self.operators.who,
            approving=self.approving.approving(),
        )


def _not_in(key: str, names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    choices = ", ".join(sorted(known)) or "none"
    for name in names:
        if name not in known:
            yield f"{key}: {name!r} is not defined; there is {choices}"

"""The environment and one TOML file, checked and frozen. Nothing else reads the environment.

The names are fixed: other tools rely on them.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError

from bot.config_file import ConfigFile
from bot.cph.settings import (
    AkSk,
    Password,
    ProjectAccess,
    default_endpoint,
    default_iam_endpoint,
)

DEFAULT_DATABASE: Final = "sqlite:///data/cph-bot.sqlite"
DEFAULT_SLACK: Final = "https://slack.com/api/"
DEFAULT_LISTEN: Final = "127.0.0.1:3000"
PORTS: Final = range(65536)  # 0 lets the system choose
NO_SECRET: Final = SecretStr("")


class ConfigError(Exception):
    """One line a mistake: where it stands, its key, and why it is one."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__("\n".join(mistakes))


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """Socket Mode with an app token, or signed HTTP with a signing secret."""

    bot_token: SecretStr
    api_url: str
    app_token: SecretStr | None
    signing_secret: SecretStr | None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What one project signs or logs in with."""

    ak: str = ""
    sk: SecretStr = NO_SECRET
    security_token: SecretStr = NO_SECRET
    domain: str = ""
    user: str = ""
    password: SecretStr = NO_SECRET


@dataclass(frozen=True, slots=True)
class Config:
    """All that a team sets, checked."""

    slack: SlackAccess
    database_url: str
    host: str
    port: int
    file: ConfigFile
    credentials: Mapping[str, Credentials]
    proxies: Mapping[str, str]

    def proxy_for(self, url: str) -> str | None:
        """The proxy for a URL, by the environment; never one for this machine itself."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if _is_loopback(host) or _is_exempt(host, self.proxies.get("no", "")):
            return None
        return self.proxies.get(parts.scheme) or self.proxies.get("all")


def _is_exempt(host: str, exempt: str) -> bool:
    """Whether NO_PROXY names the host or a domain above it."""
    domains = [domain.strip().lstrip(".") for domain in exempt.split(",") if domain.strip()]
    return any(domain in {"*", host} or host.endswith(f".{domain}") for domain in domains)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment as this process was given it; a secret may come from a `…_FILE` too."""

    values: Mapping[str, str]

    @classmethod
    def of_this_process(cls) -> Self:
        return cls(dict(os.environ))

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, "").strip() or default

    def secret(self, name: str) -> str:
        """A secret by its name or from the file that `name_FILE` names.

        Raises:
            ConfigError: the file cannot be read.
        """
        path = self.get(f"{name}_FILE")
        if not path:
            return self.get(name)
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as failure:
            reason = getattr(failure, "strerror", None) or "not text"
            raise ConfigError(f"{name}_FILE: {path} cannot be read: {reason}") from None

    def proxies(self) -> dict[str, str]:
        """Proxies by scheme, and the exempt hosts under "no"; either case of the name counts."""
        found = {
            scheme: self.get(f"{scheme}_proxy") or self.get(f"{scheme}_proxy".upper())
            for scheme in ("http", "https", "all", "no")
        }
        return {scheme: proxy for scheme, proxy in found.items() if proxy}

    def required(self, name: str, purpose: str) -> str:
        value = self.secret(name)
        if not value:
            raise ConfigError(f"{name}: missing; {purpose} (or name a file in {name}_FILE)")
        return value


def load(environment: Environment) -> Config:
    """Read and check everything.

    Raises:
        ConfigError: with one line for each mistake found.
    """
    file = _file(environment)
    host, port = _listen(environment)
    return Config(
        slack=_slack(environment),
        database_url=_database_url(environment),
        host=host,
        port=port,
        file=file,
        credentials={name: _credentials(environment, file, name) for name in file.projects},
        proxies=environment.proxies(),
    )


def _file(environment: Environment) -> ConfigFile:
    path = environment.get("CPH_BOT_CONFIG")
    if not path:
        raise ConfigError("CPH_BOT_CONFIG: missing; name the TOML file with projects and rules")
    try:
        return ConfigFile.model_validate(tomllib.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as failure:
        raise ConfigError(f"CPH_BOT_CONFIG: {path} cannot be read: {failure.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise ConfigError(f"{path}: not TOML: {failure}") from None
    except ValidationError as failure:
        raise ConfigError(*(_mistake(path, one) for one in failure.errors())) from None


def _mistake(path: str, error: Mapping[str, object] | object) -> str:
    found = dict(error) if isinstance(error, Mapping) else {}
    location = found.get("loc", ())
    key = ".".join(str(part) for part in location) if isinstance(location, tuple) else ""
    reason = str(found.get("msg", "")).removeprefix("Value error, ")
    return f"{path}: {key or 'file'}: {reason}"


def _slack(environment: Environment) -> SlackAccess:
    app_token = environment.secret("SLACK_APP_TOKEN")
    signing_secret = environment.secret("SLACK_SIGNING_SECRET")
    if not app_token and not signing_secret:
        raise ConfigError(
            "SLACK_APP_TOKEN: missing; Socket Mode needs it (or SLACK_SIGNING_SECRET for HTTP)"
        )
    return SlackAccess(
        SecretStr(environment.required("SLACK_BOT_TOKEN", "Slack needs the bot's token")),
        _api_url(environment),
        SecretStr(app_token) if app_token else None,
        SecretStr(signing_secret) if signing_secret else None,
    )


def _api_url(environment: Environment) -> str:
    url = environment.get("SLACK_API_URL", DEFAULT_SLACK)
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise ConfigError(f"SLACK_API_URL: {url} is no http or https URL")
    return url.rstrip("/") + "/"


def _listen(environment: Environment) -> tuple[str, int]:
    listen = environment.get("CPH_BOT_LISTEN", DEFAULT_LISTEN)
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) not in PORTS:
        raise ConfigError(f"CPH_BOT_LISTEN: {listen} is not host:port")
    return host.strip("[]"), int(port)


def _database_url(environment: Environment) -> str:
    url = environment.secret("CPH_BOT_DATABASE_URL") or DEFAULT_DATABASE
    if not url.startswith(("sqlite:///", "postgresql://")):
        raise ConfigError("CPH_BOT_DATABASE_URL: begins with neither sqlite:/// nor postgresql://")
    return url


def _credentials(environment: Environment, file: ConfigFile, project: str) -> Credentials:
    names = file.projects[project].secrets
    purpose = f"project {project} needs it"
    if file.projects[project].credentials == "token":
        return Credentials(
            domain=environment.required(names.domain, purpose),
            user=environment.required(names.user, purpose),
            password=SecretStr(environment.required(names.password, purpose)),
        )
    return Credentials(
        ak=environment.required(names.ak, purpose),
        sk=SecretStr(environment.required(names.sk, purpose)),
        security_token=SecretStr(environment.secret(names.security_token)),
    )


def cloud_access(config: Config, project: str) -> ProjectAccess:
    """Where a project's cloud is and what it is called with."""
    section, given = config.file.projects[project], config.credentials[project]
    credentials: AkSk | Password
    if section.credentials == "token":
        credentials = Password(given.domain, given.user, given.password.get_secret_value())
    else:
        token = given.security_token.get_secret_value()
        credentials = AkSk(given.ak, given.sk.get_secret_value(), token)
    return ProjectAccess(
        name=project,
        project_id=section.project_id,
        endpoint=section.endpoint or default_endpoint(section.region),
        iam_endpoint=section.iam_endpoint or default_iam_endpoint(section.region),
        region=section.region,
        credentials=credentials,
    )

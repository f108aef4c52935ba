"""The TOML file: every key by its fixed name, its default, and what it means."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import cloud_access
from bot.config_file import ConfigFile
from bot.divert.phones import Route
from bot.divert.policy import Rule, Stage
from bot.policy_file import read_duration
from tests.config.setting import Setting

EVERY_KEY = """
[projects.demo]
region = "cn-north-4"
project_id = "0a1b2c"
endpoint = "http://127.0.0.1:8702"
iam_endpoint = "https://iam.example.com/"
credentials = "token"
secrets = { domain = "BETA_DOMAIN", user = "BETA_USER", password = "BETA_PASSWORD" }
channel = "C0OPS"
channels = ["C0EDGE"]
language = "zh-CN"

[limits]
calls_per_second = 2.5
concurrency = 3
file_ids = 1000

[times]
approval = "2h"
plan_max_age = "20m"
first_poll = "200ms"
poll = "1.5s"
job_deadline = "1d"
keep = "30d"

[operators]
channel = "C0ALARM"

[roles]
requesters = ["U0ALICE", "W0BOB", "S0OPS"]
approvers = ["S0APPROVE"]

[[rules]]
name = "by day"
who = ["requesters"]
projects = ["demo"]
routes = ["routing", "direct"]
channels = ["C0OPS"]
max_phones = 5000
approvals = [{ count = 2, from = ["approvers"] }]
self_approval = true

[[rules]]
approvals = []
"""


def test_every_key_is_read(setting: Setting) -> None:
    setting.toml = EVERY_KEY
    setting.environment |= {"BETA_DOMAIN": "d", "BETA_USER": "u", "BETA_PASSWORD": "p"}
    config = setting.load()
    access = cloud_access(config, "demo")
    assert (access.endpoint, access.iam_endpoint) == (
        "http://127.0.0.1:8702", "https://iam.example.com",
    )  # fmt: skip
    assert config.file.projects["demo"].language.startswith("zh")
    assert config.file.projects["demo"].channels == ("C0EDGE",)
    limits, times = config.file.limits, config.file.times
    assert (limits.calls_per_second, limits.concurrency, limits.file_ids) == (2.5, 3, 1000)
    assert times.model_dump() == {
        "approval": timedelta(hours=2), "plan_max_age": timedelta(minutes=20),
        "first_poll": timedelta(milliseconds=200), "poll": timedelta(seconds=1.5),
        "job_deadline": timedelta(days=1), "keep": timedelta(days=30),
    }  # fmt: skip
    assert config.file.operators_channel() == "C0ALARM"
    policy = config.file.policy()
    assert policy.roles["requesters"] == {"U0ALICE", "W0BOB", "S0OPS"}
    assert policy.rules == (
        Rule(
            name="by day", who=("requesters",), projects=("demo",),
            routes=(Route.ROUTING, Route.DIRECT), channels=("C0OPS",), max_phones=5000,
            approvals=(Stage(2, ("approvers",)),), self_approval=True,
        ),
        Rule(
            name="rule 2", who=(), projects=(), routes=(), channels=(), max_phones=None,
            approvals=(), self_approval=False,
        ),
    )  # fmt: skip


def test_defaults_are_as_documented(setting: Setting) -> None:
    file = setting.load().file
    project = file.projects["demo"]
    assert (project.credentials, project.language) == ("ak_sk", "en")
    assert file.limits.model_dump() == {
        "calls_per_second": 10, "concurrency": 16, "file_ids": 100_000,
    }  # fmt: skip
    assert file.times.model_dump() == {
        "approval": timedelta(hours=8), "plan_max_age": timedelta(hours=1),
        "first_poll": timedelta(seconds=10), "poll": timedelta(seconds=5),
        "job_deadline": timedelta(minutes=30), "keep": timedelta(days=90),
    }  # fmt: skip
    assert file.operators_channel() == "C0OPS", "the first project's"
    (rule,) = file.policy().rules
    assert (rule.projects, rule.routes, rule.channels, rule.max_phones) == ((), (), (), None)
    assert not rule.self_approval


def test_endpoints_come_from_the_region(setting: Setting) -> None:
    access = cloud_access(setting.load(), "beta")
    assert access.endpoint == "https://cph.ap-southeast-1.myhuaweicloud.com"
    assert access.iam_endpoint == "https://iam.ap-southeast-1.myhuaweicloud.com"
    assert (access.name, access.project_id, access.region) == ("beta", "9f8e7d", "ap-southeast-1")


def test_the_first_project_stays_the_first(setting: Setting) -> None:
    assert list(setting.load().file.projects) == ["demo", "beta"]


def test_a_project_takes_its_credentials_by_other_names(setting: Setting) -> None:
    setting.add("projects.demo", "secrets", '{ ak = "DEMO_AK", sk = "DEMO_SK" }')
    assert setting.mistakes()[0].startswith("DEMO_AK: missing; project demo needs it")
    setting.environment |= {"DEMO_AK": "AK2", "DEMO_SK": "other"}
    credentials = setting.load().credentials["demo"]
    assert (credentials.ak, credentials.sk.get_secret_value()) == ("AK2", "other")


def test_no_rule_at_all_is_a_file_that_lets_nobody_ask() -> None:
    file = ConfigFile.model_validate(
        {"projects": {"demo": {"region": "r", "project_id": "p", "channel": "C0OPS"}}}
    )
    assert file.policy().rules == ()


@given(
    st.integers(1, 10**6),
    st.sampled_from([("ms", 1), ("s", 10**3), ("m", 60_000), ("h", 36 * 10**5)]),
)
def test_a_duration_is_a_number_and_a_unit(number: int, unit: tuple[str, int]) -> None:
    name, milliseconds = unit
    assert read_duration(f"{number}{name}") == timedelta(milliseconds=number * milliseconds)


@pytest.mark.parametrize(
    "text", ["", "0s", "5", "s", "-5s", "5 s", "5S", "1h30m", "1e3s", "5s\n", None, 5, True]
)
def test_anything_else_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        read_duration(text)


def test_two_rules_of_one_name_are_a_mistake(setting: Setting) -> None:
    setting.toml += '\n[[rules]]\nname = "rule 1"\napprovals = []\n'
    (line,) = setting.mistakes()
    assert line.endswith("rules: the name 'rule 1' stands for more than one")

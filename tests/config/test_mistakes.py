"""Each mistake in the TOML file is told with file, key and reason."""

from pathlib import Path

import pytest

from tests.config.setting import Setting


def test_a_file_that_is_not_named_or_not_there_is_told(setting: Setting) -> None:
    setting.environment["CPH_BOT_CONFIG"] = ""
    assert setting.mistakes()[0].startswith("CPH_BOT_CONFIG: missing")
    setting.environment["CPH_BOT_CONFIG"] = "/nowhere/bot.toml"
    assert setting.mistakes() == [
        "CPH_BOT_CONFIG: /nowhere/bot.toml cannot be read: No such file or directory"
    ]


def test_a_file_that_cannot_be_read_is_told(setting: Setting, tmp_path: Path) -> None:
    setting.environment["CPH_BOT_CONFIG"] = str(tmp_path)
    assert setting.mistakes() == [f"CPH_BOT_CONFIG: {tmp_path} cannot be read: Is a directory"]


def test_a_file_that_is_not_toml_is_told_with_its_line(setting: Setting) -> None:
    setting.toml = "[projects.demo]\nregion = \n"
    (line,) = setting.mistakes_in_file()
    assert line.startswith("not TOML: ")
    assert "line 2" in line


def test_a_file_in_another_encoding_is_not_toml(setting: Setting) -> None:
    (setting.folder / "latin.toml").write_bytes('[projects."caf\xe9"]'.encode("latin-1"))
    setting.environment["CPH_BOT_CONFIG"] = str(setting.folder / "latin.toml")
    assert "latin.toml: not TOML: " in setting.mistakes()[0]


def test_an_empty_file_lacks_projects(setting: Setting) -> None:
    setting.toml = ""
    assert setting.mistakes_in_file() == ["projects: missing"]


@pytest.mark.parametrize(
    ("table", "key", "value", "told"),
    [
        ("projects.demo", "regoin", "x", "projects.demo.regoin: there is no such key"),
        ("projects.demo", "endpoint", "https://", "projects.demo.endpoint: is no http or https"),
        ("projects.demo", "endpoint", "cph.example.com", "projects.demo.endpoint: is no http"),
        (
            "projects.demo",
            "endpoint",
            "http://host:notaport",
            "projects.demo.endpoint: is no http",
        ),
        ("projects.demo", "iam_endpoint", "http://h:0", "projects.demo.iam_endpoint: is no http"),
        ("projects.demo", "endpoint", "https://h/v1", "projects.demo.endpoint: has a path"),
        ("projects.demo", "endpoint", "https://h?x=1", "projects.demo.endpoint: has something"),
        ("projects.demo", "endpoint", "https://u:hidden@h", "projects.demo.endpoint: is no http"),
        ("projects.demo", "credentials", "aksk", "projects.demo.credentials: Input should be 'ak_"),
        ("projects.demo", "language", "klingon", "projects.demo.language: 'klingon' is no lang"),
        ("projects.demo", "secrets", {"key": "A"}, "projects.demo.secrets.key: there is no such"),
        ("limits", "calls_per_second", 0, "limits.calls_per_second: Input should be greater"),
        ("limits", "concurrency", "many", "limits.concurrency: Input should be a valid integer"),
        ("limits", "file_ids", 0, "limits.file_ids: Input should be greater"),
        ("limits", "rate", 1, "limits.rate: there is no such key"),
        ("times", "poll", "5", "times.poll: '5' is no duration; write one like"),
        ("times", "poll", 5, "times.poll: 5 is no duration"),
        ("times", "approval", "8 h", "times.approval: '8 h' is no duration"),
        ("times", "keep", "47h", "times.keep: Input should be greater than or equal to 2 days"),
        ("times", "timeout", "5s", "times.timeout: there is no such key"),
        ("roles", "leads", ["bob"], "roles.leads.0: 'bob' is no id; ids here look like U0ALICE"),
        ("roles", "leads", "U0BOB", "roles.leads: Input should be a valid tuple"),
        ("[rules]", "who", ["requesters", "nobody"], "rules.1.who: 'nobody' is not defined"),
        ("[rules]", "projects", ["prod"], "rules.1.projects: 'prod' is not defined; there is beta"),
        ("[rules]", "routes", ["sideways"], "rules.1.routes.0: Input should be 'direct' or 'rou"),
        ("[rules]", "channels", ["ops"], "rules.1.channels.0: 'ops' is no id; ids here look like"),
        ("[rules]", "max_phones", 0, "rules.1.max_phones: Input should be greater"),
        ("[rules]", "aprovals", [], "rules.1.aprovals: there is no such key"),
        ("other", "key", 1, "other: there is no such key"),
    ],
)
def test_a_mistake_is_told_with_file_key_and_reason(
    setting: Setting, table: str, key: str, value: object, told: str
) -> None:
    if table == "[rules]":
        setting.toml += "\n[[rules]]\napprovals = []\n"
        head, _, tail = setting.toml.rpartition("[[rules]]\n")
        setting.toml = f"{head}[[rules]]\n{line(key, value)}\n{tail}"
    else:
        setting.add(table, key, line(key, value).partition(" = ")[2])
    (found,) = setting.mistakes_in_file()
    assert found.startswith(told)
    assert "hidden" not in found


def line(key: str, value: object) -> str:
    """A key and its value as TOML."""
    if isinstance(value, dict):
        inside = ", ".join(line(name, one) for name, one in value.items())
        return f"{key} = {{ {inside} }}"
    text = f'"{value}"' if isinstance(value, str) else str(value).replace("'", '"')
    return f"{key} = {text}"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('region = "cn-north-4"\n', "", "projects.demo.region: missing"),
        ('project_id = "0a1b2c"\n', "", "projects.demo.project_id: missing"),
        ('channel = "C0OPS"\n', "", "projects.demo.channel: missing"),
        ('channel = "C0OPS"', 'channel = "#ops"', "projects.demo.channel: '#ops' is no id"),
        ('region = "cn-north-4"', 'region = "CN/4"', "projects.demo.region: String should match"),
        (
            "approvals = [{ count = 1, from = ",
            "approvals = [{ count = 0, from = ",
            "rules.0.approvals.0.count: Input should be greater",
        ),
        ('from = ["approvers"]', 'from = ["bosses"]', "rules.0.approvals.from: 'bosses' is not"),
        ('from = ["approvers"]', "from = []", "rules.0.approvals.0.from: "),
        ('approvals = [{ count = 1, from = ["approvers"] }]', "", "rules.0: approvals: missing"),
    ],
)
def test_what_is_missing_or_wrong_in_its_place_is_told(
    setting: Setting, old: str, new: str, told: str
) -> None:
    assert old in setting.toml
    setting.toml = setting.toml.replace(old, new, 1)
    (found,) = setting.mistakes_in_file()
    assert found.startswith(told)


def test_all_mistakes_of_the_file_are_told_together(setting: Setting) -> None:
    setting.toml = setting.toml.replace('region = "cn-north-4"\n', "").replace("C0BETA", "beta")
    assert len(setting.mistakes_in_file()) == 2


def test_all_names_that_nothing_stands_for_are_told_together(setting: Setting) -> None:
    setting.toml = setting.toml.replace('["requesters"]', '["a", "b"]')
    first, second = setting.mistakes_in_file()
    assert first == "rules.0.who: 'a' is not defined; there is approvers, requesters"
    assert second.startswith("rules.0.who: 'b'")


def test_mistakes_of_the_file_and_of_the_environment_are_told_together(setting: Setting) -> None:
    setting.toml = setting.toml.replace("C0BETA", "beta")
    del setting.environment["SLACK_BOT_TOKEN"]
    assert len(setting.mistakes()) == 2


def test_a_channel_that_would_mean_two_projects_is_told(setting: Setting) -> None:
    setting.toml = setting.toml.replace("channel = ", 'channels = ["C0EDGE"]\nchannel = ')
    (line,) = setting.mistakes_in_file()
    assert line == "projects.beta.channels: 'C0EDGE' is project demo's"

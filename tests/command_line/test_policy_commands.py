"""`cph-bot policy check` and `cph-bot policy test`: what they print, and their exit codes."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.command_line.policy_cases import CasesFile
from bot.config_file import ConfigFile
from tests.command_line.policy_line import EXAMPLE, TRIAL, Line
from tests.foundations.tree import ROOT

TESTS = ROOT / "docs" / "policy.example-tests.toml"
WRONG = "cph-bot policy check: error:"
CASE = """
[[case]]
name = "one"
as = "U0ALICE"
in = "C0OPS"
say = "/cph divert routing server:x"
phones = 3
at = "2030-12-03T10:00"
"""


def version(path: Path | str) -> str:
    return ConfigFile.model_validate(tomllib.loads(Path(path).read_text())).policy().version


def test_the_example_is_in_order_and_decides_as_its_tests_say(line: Line) -> None:
    told = f"the policy is in order: 7 rules, version {version(EXAMPLE)}"
    assert line("check", str(EXAMPLE), "--strict") == (0, [told])
    told = f"10 cases passed, 0 failed, by policy {version(EXAMPLE)}"
    assert line("test", str(TESTS), "--policy", str(EXAMPLE)) == (0, [told])


def test_the_example_has_every_key_of_a_policy_and_of_a_case() -> None:
    schema = ConfigFile.model_json_schema()["$defs"]
    of_policy = [
        one for name, one in schema.items() if not re.match("Project|Limits|Times|Se", name)
    ]
    keys = {key for one in of_policy for key in one.get("properties", {})}
    shown = set(re.findall(r"\w+", EXAMPLE.read_text()))
    assert keys <= shown
    cases = CasesFile.model_json_schema()["$defs"]["Case"]["properties"]
    assert set(cases) <= set(re.findall(r"\w+", TESTS.read_text()))


def test_the_file_is_the_one_of_the_environment_unless_one_is_named(line: Line) -> None:
    assert line("check") == (
        2, ["name the TOML file of the policy, here or in CPH_BOT_CONFIG"],
    )  # fmt: skip
    line.named = str(EXAMPLE)
    assert line("check")[0] == 0
    assert line("check", "/nowhere/x") == (
        2, ["/nowhere/x cannot be read: No such file or directory"],
    )  # fmt: skip
    assert line("test", str(TESTS))[0] == 0


def test_warnings_change_the_exit_code_only_where_it_is_wanted(line: Line) -> None:
    text = EXAMPLE.read_text() + '\n[[rules]]\nname = "z"\nwho = ["leads"]\nmin_phones = 9\n'
    file = line.file("bot.toml", f"{text}max_phones = 8\napprovals = []")
    told = [
        f"the policy is in order: 8 rules, version {version(file)}",
        "warning: rule 'z' can never match: min_phones is above max_phones",
    ]
    assert line("check", file) == (0, told)
    assert line("check", file, "--strict") == (1, told)


def test_mistakes_are_told_with_file_and_key(line: Line) -> None:
    file = line.file("bot.toml", EXAMPLE.read_text() + '\n[[rules]]\nname = "z"\nwho = ["x"]\n')
    assert line("check", file) == (
        2, [f"{file}: rules.7: approvals: missing; write [] if none are needed"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("check", "--as", "U0ALICE", "divert"), "--as needs --in, the channel where it is said"),
        (("check", "--as", "U0ALICE", "--in", "C0OPS"), "--as needs a command, such as"),
        (("check", "--in", "C0OPS"), "--in needs --as"),
        (("check", "--phones", "0"), "--phones needs --as"),
        (("check", "a", "b"), "b: one file is enough; a command needs --as and --in"),
        (("check", "--as", "S0OPS"), f"{WRONG} argument --as: 'S0OPS' is no id; ids here look"),
        (("check", "--in", "ops"), f"{WRONG} argument --in: 'ops' is no id; ids here look like"),
        (("check", "--groups", "U0A,x"), f"{WRONG} argument --groups: 'x' is no id; ids here"),
        (("check", "--tags", "env"), f"{WRONG} argument --tags: 'env' is no tag; write one like"),
        (("check", "--phones", "many"), f"{WRONG} argument --phones: 'many' is no number"),
        (("check", "--at", "noon"), f"{WRONG} argument --at: 'noon' is no time; write one like"),
        (("check", "--fly"), "cph-bot: error: unrecognized arguments: --fly"),
        (("test",), "cph-bot policy test: error: the following arguments are required: FILE"),
        ((), "cph-bot policy: error: the following arguments are required: policy"),
    ],
)  # fmt: skip
def test_what_is_asked_for_only_in_part_is_a_mistake(
    line: Line, words: tuple[str, ...], told: str
) -> None:
    code, (said, *_) = line(*words)
    assert code == 2
    assert said.startswith(told)


def test_file_and_command_may_stand_wherever_they_are_in_order(line: Line) -> None:
    trial, command = TRIAL, "divert routing server:x"
    answers = [
        line("check", str(EXAMPLE), *trial, command),
        line("check", str(EXAMPLE), command, *trial),
        line("check", *trial, str(EXAMPLE), command),
        line("check", *trial[:2], str(EXAMPLE), *trial[2:], command),
    ]
    assert answers[0][0] == 0
    assert all(one == answers[0] for one in answers)


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ('expect = "allow"', ""),
        ('expect = "allow"\nrule = "few by day"\napprovals = 1', ""),
        ('expect = "refuse"', "not refuse; allowed by the rule 'few by day'"),
        ('expect = "allow"\nrule = "x"', "by the rule 'few by day' and not 'x'; allowed by"),
        ('expect = "allow"\napprovals = 2', "1 approvals and not 2; allowed by"),
        (
            'expect = "allow"\nrule = "x"\napprovals = 0',
            "by the rule 'few by day' and not 'x', 1 ap",
        ),
        ('expect = "break_glass"', "not break_glass; allowed by"),
        ('servers = ["core-1"]\nexpect = "refuse"\nwhy = "denied"', ""),
        ('servers = ["core-1"]\nexpect = "allow"', "not allow; refused: The policy denies this"),
        (
            'servers = ["core-1"]\nexpect = "refuse"\nwhy = "hours"',
            "denied and not hours; refused:",
        ),
        ('servers = ["core-1"]\nexpect = "refuse"\nrule = "x"', "by the rule 'the core is not rou"),
    ],
)
def test_a_case_that_comes_out_otherwise_is_told_with_what_came(
    line: Line, expected: str, told: str
) -> None:
    code, lines = line("test", line.file("t.toml", CASE + expected), "--policy", str(EXAMPLE))
    assert code == bool(told)
    assert lines[-1].startswith("0 cases passed, 1 failed" if told else "1 case passed, 0 failed")
    assert (lines[0].removeprefix("failed: one: ") if told else "").startswith(told)


def test_a_case_of_nobody_s_rule_and_one_of_no_command_are_told(line: Line) -> None:
    nobody = CASE.replace("U0ALICE", "U0EVE") + 'expect = "refuse"\nrule = "x"\n'
    wrong = CASE.replace('"one"', '"two"').replace("routing", "ruting") + 'expect = "refuse"\n'
    file = line.file("t.toml", nobody + wrong)
    code, lines = line("test", file, "--policy", str(EXAMPLE))
    assert code == 1
    assert lines[0].startswith("failed: one: by no rule and not 'x'; refused: No rule")
    assert lines[1].startswith("failed: two: Which route? ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "case: missing"),
        (CASE, "case.0.expect: missing"),
        (CASE + 'expect = "maybe"', "case.0.expect: Input should be 'allow', 'refuse' or 'break_g"),
        (CASE + 'expect = "allow"\naprovals = 1', "case.0.aprovals: there is no such key"),
        (CASE + 'expect = "allow"\n[[cases]]', "cases: there is no such key"),
        (CASE + 'expect = "refuse"\napprovals = 1', "case.0: approvals: there are none unless"),
        (CASE + 'expect = "allow"\nwhy = "hours"', "case.0: why: there is none unless"),
        (CASE + 'expect = "refuse"\nwhy = "mood"', "case.0.why: Input should be 'bot'"),
        (
            CASE + 'expect = "allow"\n' + CASE + 'expect = "allow"',
            "case: the name 'one' stands for",
        ),
        (CASE.replace("U0ALICE", "S0OPS") + 'expect = "allow"', "case.0.as: 'S0OPS' is no id"),
        (
            CASE.replace("12-03", "13-03") + 'expect = "allow"',
            "case.0.at: '2030-13-03T10:00' is no",
        ),
        ("[case", "not TOML: "),
    ],
)
def test_mistakes_in_the_cases_are_told_with_file_and_key(line: Line, text: str, told: str) -> None:
    file = line.file("t.toml", text)
    code, (said, *_) = line("test", file, "--policy", str(EXAMPLE))
    assert code == 2
    assert said.startswith(f"{file}: {told}")

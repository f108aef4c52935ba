"""`cph-bot policy check` with a command: the decision, and what every rule has to do with it."""

import pytest

from tests.command_line.policy_line import EXAMPLE, TRIAL, Line

NOT = "does not fit: it is for "


def test_a_command_is_decided_with_its_approvals_and_the_other_rules(line: Line) -> None:
    code, told = line(
        "check", str(EXAMPLE), *TRIAL, "--phones", "300", "--servers", "edge-01,edge-02",
        "--tags", "env=prod", "--fleet", "20,000", "/cph divert routing server:edge-*",
    )  # fmt: skip
    assert (code, told) == (
        0,
        [
            "allowed by the rule 'few by day'",
            "  needs 1 approval of approvers, after 1h of leads too",
            "  needs 1 approval of leads for protected servers",
            "  rule 'a fifth of the fleet' allows it too, behind the one that decides",
            "  rule 'staging back to direct' does not fit: it is for the route direct",
            "  rule 'the lab is theirs' does not fit: it is for the role engineers",
            (
                "  rule 'never by name alone' does not fit: "
                "it is for phones chosen by name"
            ),
            "  rule 'the core is not routed' does not fit: it is for servers core-*",
            "  rule 'at night in need' does not fit: it is for the role oncall",
            (
                "  left open: whether U0ALICE is in S0APPROVE (approvers), S0LAB (engineers), "
                "S0OPS (requesters) (--groups)"
            ),
        ],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--groups", "S0LAB,S0X", "--in", "C0LAB", "divert direct name:x"),
         "allowed by the rule 'the lab is theirs'"),
        (("--phones", "501", "divert routing server:x"), "allowed by the rule 'a fifth of the fl"),
        (("--at", "2030-12-03T19:00+01:00", "divert routing server:x"), "allowed by the rule 'a"),
        (("--phones", "600", "--fleet", "2999", "--at", "2030-12-03T19:00", "divert direct name:x"),
         "refused: The policy lets you change at most 599 phones of this project"),
        (("--phones", "2000", "--fleet", "20000", "plan direct name:x"),
         "refused: The policy denies this, by its rule never by name alone."),
        (("--servers", "core-7", "divert routing server:x"), "refused: The policy denies this, by"),
        (("--tags", "env=staging", "--phones", "9", "--in", "C0LAB", "--at", "2030-12-03T21:00",
          "divert direct tag:env=staging project:demo"),
         "allowed by the rule 'staging back to direct'"),
        (("divert routing " + " ".join(f"{n:032}" for n in range(3)),), "allowed by the rule 'few"),
        (("--as", "U0EVE", "divert routing server:x"), "refused: No rule of the policy lets you"),
    ],
)  # fmt: skip
def test_the_decision_is_the_one_the_bot_would_make(
    line: Line, words: tuple[str, ...], told: str
) -> None:
    code, lines = line("check", str(EXAMPLE), *TRIAL, *words)
    assert code == 0
    assert lines[0].startswith(told)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("divert direct server:x", "--phones", "9", "--fleet", "10", "--tags", "env=staging",
          "--at", "2030-12-03T22:00"), "  needs no approval and runs at once"),
        (("divert direct server:x", "--at", "2030-12-06T19:00"),
         "  nothing is sent in the freeze 'friday night' until 2030-12-06 23:00 UTC"),
        (("divert direct server:x", "--phones", "9", "--as", "U0ERIN"),
         "  by the rule 'at night in need' this person may break the glass"),
        (("divert direct server:x", "--phones", "9", "--as", "U0ERIN"),
         "  rule 'at night in need' lets the glass be broken"),
        (("divert direct name:x",),
         "  rule 'never by name alone' denies it if what is left open here fits"),
        (("divert routing name:x", "--phones", "2000", "--fleet", "99", "--servers", "core-1"),
         "  rule 'the core is not routed' denies it too"),
        (("divert routing server:x", "--phones", "9", "--servers", "core-1"),
         "  rule 'few by day' would allow it, but what is denied stays so"),
        (("divert direct name:x",), "  left open: how many phones (--phones)"),
        (("divert direct name:x",), "  left open: which share of the project's phones (--fleet)"),
        (("divert direct name:x",),
         "  left open: on which servers, with which tags (--servers, --tags)"),
        (("divert direct name:x", "--at", "2030-12-03T23:00"),
         "  rule 'few by day' does not fit: it is for Mon-Fri 08:00-18:00 Europe/Berlin"),
        (("divert direct name:x", "--phones", "501"),
         "  rule 'few by day' does not fit: it is for 500 phones at most"),
        (("divert direct name:x", "--phones", "501", "--fleet", "1000"),
         f"  rule 'a fifth of the fleet' {NOT}20% of the project's phones at most"),
        (("divert direct name:x",),
         f"  rule 'staging back to direct' {NOT}phones chosen by ids, server or tag"),
        (("divert direct server:x", "--tags", "env=dev"),
         "  rule 'staging back to direct' does not fit: it is for servers tagged env=staging"),
        (("divert direct server:x project:demo", "--in", "C0LAB"),
         f"  rule 'a fifth of the fleet' {NOT}the channel C0OPS"),
    ],
)  # fmt: skip
def test_what_follows_and_what_speaks_against_the_other_rules_is_told(
    line: Line, words: tuple[str, ...], told: str
) -> None:
    code, lines = line("check", str(EXAMPLE), *TRIAL, *words)
    assert code == 0
    assert told in lines


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("/cph dvert routing name:x",),
         ["I do not know dvert. /cph help shows what I can do.",
          "Did you mean /cph divert routing name:x?"]),
        (("divert routing",), ["Which phones? Write their ids or terms"]),
        (("divert routing name:x project:other",), ["There is no project other here."]),
        (("status",), ["This asks for no route, so no rule is for it."]),
        (("divert",), ["This asks for no route, so no rule is for it."]),
    ],
)  # fmt: skip
def test_a_bad_command_is_answered_as_in_slack(
    line: Line, words: tuple[str, ...], told: list[str]
) -> None:
    code, lines = line("check", str(EXAMPLE), *TRIAL, *words)
    assert code == 2
    assert [one.startswith(begin) for one, begin in zip(lines, told, strict=True)] == [True] * len(
        told
    )


def test_ids_are_counted_as_typed(line: Line) -> None:
    ids = " ".join(f"{number:032}" for number in range(3))
    _, lines = line("check", str(EXAMPLE), *TRIAL, f"divert routing {ids}")
    assert "  left open: how many phones (--phones)" not in lines
    _, lines = line("check", str(EXAMPLE), *TRIAL, f"divert routing {ids} tag:env=prod")
    assert "  left open: how many phones (--phones)" in lines

"""What stands behind `cph-bot audit` is read as people type it."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.command_line.audit_arguments import add_verbs
from bot.store.audit import Head

HASH = "0123456789abcdef" * 4


def read(*arguments: str) -> Namespace:
    parser = ArgumentParser("cph-bot audit")
    add_verbs(parser)
    return parser.parse_args(arguments)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (f"120:{HASH}", Head(120, HASH)),
        (f"120 {HASH}", Head(120, HASH)),
        (f" 120 : {HASH.upper()} ", Head(120, HASH)),
        (f"120:{HASH[:16]}", Head(120, HASH[:16])),
        (f"120:{HASH[:20]}…", Head(120, HASH[:20])),
        (f"0:{HASH[:20]}...", Head(0, HASH[:20])),
    ],
)
def test_a_head_is_read_as_it_was_printed_or_shorter(typed: str, expected: Head) -> None:
    assert read("verify", "--since", typed).since == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("D-7K3M", ["D-7K3M"]),
        ("d-7k3m, 8a2c;D–9O9L", ["D-7K3M", "D-8A2C", "D-9091"]),
        ("`D-7K3M`", ["D-7K3M"]),
    ],
)
def test_requests_are_read_as_in_slack(typed: str, expected: list[str]) -> None:
    assert read("export", "--request", typed).request == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("U0BOB", ["U0BOB"]),
        ("u0bob,@W0ALICE", ["U0BOB", "W0ALICE"]),
        ("<@U0BOB>", ["U0BOB"]),
        ("<@U0BOB|bob>,<@U0ALICE|alice>", ["U0BOB", "U0ALICE"]),
        ("bot", [""]),
    ],
)
def test_people_are_read_as_in_slack(typed: str, expected: list[str]) -> None:
    assert read("export", "--who", typed).who == expected


def test_events_and_projects_are_read_one_by_one_or_all_at_once() -> None:
    found = read("export", "--event", "Approve, deny", "--event", "break-glass")
    assert found.event == ["approve", "deny", "break_glass"]
    found = read("export", "--project", "demo", "--project", "Beta-2")
    assert found.project == ["demo", "Beta-2"]


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("2026-12-24", datetime(2026, 12, 24, tzinfo=UTC), datetime(2026, 12, 25, tzinfo=UTC)),
        ("2026-12-24T18:00", datetime(2026, 12, 24, 18, tzinfo=UTC), None),
        ("2026-12-24 18:00:30", datetime(2026, 12, 24, 18, 0, 30, tzinfo=UTC), None),
        ("2026-12-24T18:00Z", datetime(2026, 12, 24, 18, tzinfo=UTC), None),
        (
            "2026-12-24T18:00+08:00",
            datetime(2026, 12, 24, 18, tzinfo=timezone(timedelta(hours=8))),
            None,
        ),
    ],
)
def test_a_time_is_in_utc_unless_it_has_a_zone_and_a_day_is_meant_whole(
    typed: str, since: datetime, until: datetime | None
) -> None:
    found = read("export", "--since", typed, "--until", typed)
    assert (found.since, found.until) == (since, until or since)
    assert found.since.tzinfo is not None


@pytest.mark.parametrize(
    ("typed", "ago"), [("7d", timedelta(days=7)), ("90m", timedelta(hours=1.5))]
)
def test_a_time_may_be_so_long_ago(typed: str, ago: timedelta) -> None:
    before = datetime.now(UTC)
    found = read("export", "--since", typed, "--until", typed)
    assert before <= found.since + ago <= found.until + ago <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["verify", "--since", "120"], "'120' is no head"),
        (["verify", "--since", "120:ab12"], "16 digits or more"),
        (["verify", "--since", f"120:{HASH}0"], "is no head"),
        (["export", "--since", "yesterday"], "'yesterday' is no time"),
        (["export", "--until", "2026-13-01"], "'2026-13-01' is no time"),
        (["export", "--since", "99999999999d"], "'99999999999d' is no time"),
        (["export", "--since", "99999d99"], "'99999d99' is no time"),
        (["export", "--request", "D-7"], "'D-7' is no request; they look like D-7K3M"),
        (["export", "--who", "bob"], "'bob' is no user id; they look like U0ALICE"),
        (["export", "--who", "C0OPS"], "'C0OPS' is no user id"),
        (["export", "--event", " , "], "there is nothing in it"),
        (["export", "--format", "xml"], "invalid choice: 'xml'"),
        (["expert"], "invalid choice: 'expert'"),
        ([], "required: audit"),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_is_told_with_the_usage(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        read(*arguments)
    assert ended.value.code == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith("usage: cph-bot audit")
    assert told in written.err

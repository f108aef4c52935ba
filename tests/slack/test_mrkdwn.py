"""Sentences become mrkdwn without letting anything of others through, and within the limits."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.divert.sentence import Code, Link, Mention, Moment, Sentence
from bot.slack.blocks import text_object
from bot.slack.mrkdwn import (
    TEXT_LIMIT,
    clean,
    cut,
    escape,
    joined,
    mrkdwn,
    packed,
    plain,
    unescaped,
    units,
)

ENTITY = re.compile(r"&(?:amp|lt|gt);")
FORMATTED = re.compile(r"(?<![^\s.,;:(])[*_~`]\S.*?[*_~`](?!\w)")
AWKWARD = "ab1 <>&*_~`|@#!:;\n\t\r\u202e\u200d\ufe0f\u0301é漢🙂\x00\x1b"
nasty = st.text(AWKWARD) | st.text()
with_entities = st.text("&<>a🙂", min_size=5)


def say(template: str, **values: object) -> str:
    return mrkdwn(Sentence(template, values))  # type: ignore[arg-type]


@settings(deadline=None)
@given(nasty)
def test_no_bracket_and_no_bare_ampersand_of_a_value_is_left(text: str) -> None:
    written = say("{it}", it=text)
    assert "<" not in written
    assert ">" not in written
    assert "&" not in ENTITY.sub("", written)


@settings(deadline=None)
@given(nasty)
def test_a_value_stays_on_one_line_and_formats_nothing(text: str) -> None:
    written = escape(text)
    assert not set(written) & set("\n\r\t\x00\x1b\u202e`")
    assert not FORMATTED.search(written)


@settings(deadline=None)
@given(with_entities, st.integers(1, 60))
def test_a_cut_is_never_longer_than_its_limit_nor_through_an_entity(text: str, limit: int) -> None:
    written = cut(mrkdwn(Sentence(text)), limit)
    assert units(written) <= limit
    assert "&" not in ENTITY.sub("", written)


@settings(deadline=None)
@given(nasty, nasty, nasty, st.integers(2, 200))
def test_a_cut_keeps_brackets_and_code_spans_whole(a: str, b: str, c: str, limit: int) -> None:
    whole = say("{a} {u} {b} {code}", a=a, u=Mention("U0ALICE"), b=b, code=Code(c))
    written = cut(whole, limit)
    assert units(written) <= limit
    assert written.count("<") == written.count(">") == written.count("<@U0ALICE>")
    assert written.count("`") % 2 == 0


@settings(deadline=None)
@given(st.lists(nasty, max_size=60), st.integers(0, 12_000))
def test_packed_lines_stay_within_text_and_message(lines: list[str], budget: int) -> None:
    texts = packed([Sentence("{it}", {"it": line * 40}) for line in lines], budget)
    assert all(0 < units(text) <= TEXT_LIMIT for text in texts)
    assert sum(units(text) for text in texts) <= budget


SEEN = st.text("ab-07 漢é\u0e33🙂👩\u0301\ufe0f")
UNSEEN = st.sampled_from(
    [*map(chr, range(0x200B, 0x2010)), *map(chr, range(0x202A, 0x202F)), *"\u2060\u2066\u2069",
     "\u061c", "\u00ad", "\ufeff", "\u180e", "\u3164", "\u115f", "\u2800", "\U000e0041", "\0",
     "\x1b", "\x7f", "\x9b", "\ud800"]
)  # fmt: skip


@settings(deadline=None)
@given(SEEN, UNSEEN, SEEN)
def test_two_texts_that_look_alike_are_written_alike(a: str, hidden: str, b: str) -> None:
    """Except for the joiner behind an emoji, which makes it another."""
    if hidden == "\u200d" and a[-1:] in ("🙂", "👩", "\ufe0f"):
        return
    for write in (escape, clean):
        assert write(f"{a}{hidden}{b}") == write(f"{a}{b}")
    assert plain(Sentence("{it}", {"it": f"{a}{hidden}{b}"})) == clean(f"{a}{b}")
    assert say("{it}", it=Code(f"{a}{hidden}{b}")) == say("{it}", it=Code(f"{a}{b}"))
    assert text_object(f"{a}{hidden}{b}", 500) == text_object(f"{a}{b}", 500)


def test_emoji_of_several_stay_one() -> None:
    assert (
        clean("👩\u200d💻 👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥")
        == "👩\u200d💻 👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥"
    )


def test_our_own_lines_in_a_plain_text_stay() -> None:
    assert text_object("one\ntwo", 500)["text"] == "one\ntwo"


@pytest.mark.parametrize("name", ["", "\u200b", "\u3164\u2800"])
def test_a_name_of_nothing_that_is_seen_is_no_empty_text(name: str) -> None:
    assert text_object(name, 75)["text"] == "…"


def test_lines_share_a_text_while_they_fit() -> None:
    lines = [Sentence(text) for text in ("one", "two", "x" * TEXT_LIMIT, "three")]
    assert packed(lines, 12_000) == ["one\ntwo", "x" * TEXT_LIMIT, "three"]


def test_a_cut_does_not_take_an_accent_off_its_letter() -> None:
    assert cut("abe\u0301xyz", 4) == "ab…"
    assert cut("ab👩\u200d💻xyz", 6) == "ab…"


def test_a_code_span_is_cut_inside_and_closed() -> None:
    assert cut("id `0123456789` x", 9) == "id `012…`"
    assert cut("id `0123456789` x", 5) == "id …"


def test_our_own_bold_and_code_stand_while_brackets_in_a_template_are_text() -> None:
    assert say("*Hi* `/cph divert <ids>` & so") == "*Hi* `/cph divert &lt;ids&gt;` &amp; so"


def test_ids_become_mentions_by_their_kind() -> None:
    people = (Mention("U0ALICE"), Mention("W0BOB"), Mention("S0OPS"))
    assert say("{who}", who=people) == "<@U0ALICE>, <@W0BOB>, <!subteam^S0OPS>"
    assert say("{where}", where=Mention("C0OPS")) == "<#C0OPS>"


def test_what_is_no_id_is_never_written_as_a_mention() -> None:
    for name in ("!here", "U0A|x", "u0alice", "", "D0DIRECT", "U0A>"):
        assert "<" not in say("{who}", who=Mention(name))


def test_code_keeps_what_it_shows_but_not_its_own_end() -> None:
    assert say("{it}", it=Code("edge_07*")) == "`edge_07*`"
    assert say("{it}", it=Code("a`<!here>`b")) == "`aˋ&lt;!here&gt;ˋb`"
    assert say("[{it}]", it=Code("")) == "[]"


def test_codes_of_a_tuple_stand_apart() -> None:
    assert say("{ids}", ids=(Code("a"), Code("b"))) == "`a`, `b`"


def test_a_name_with_marks_inside_stays_copyable() -> None:
    assert escape("edge_07_x 5*3 a~b") == "edge_07_x 5*3 a~b"
    assert escape("*bold* _slanted_ ~gone~ `code`") == "∗bold∗ ˍslantedˍ ∼gone∼ ˋcodeˋ"


def test_a_link_goes_to_the_web_only() -> None:
    assert say("{it}", it=Link("https://x.y/?a=1&b=2", "see|this")) == (
        "<https://x.y/?a=1&amp;b=2|see|this>"
    )
    assert say("{it}", it=Link("javascript:alert(1)", "see")) == "see"
    assert say("{it}", it=Link("https://x.y/>", "see")) == "see"


def test_a_moment_is_shown_in_each_readers_zone() -> None:
    at = Moment(datetime(2026, 5, 4, 9, 7, tzinfo=UTC))
    written = "<!date^1777885620^{date_short_pretty} {time}|2026-05-04 09:07 UTC>"
    assert say("{at}", at=at) == written


def test_what_slack_has_escaped_is_read_as_it_was_typed() -> None:
    assert unescaped("tag:team=r&amp;d &lt;b&gt; &amp;lt;") == "tag:team=r&d <b> &lt;"


def test_plain_text_knows_no_marks_and_no_entities() -> None:
    sentence = Sentence("*{n}* by {who} & `{it}`", {"n": "<5>", "who": Mention("U0A"), "it": "a"})
    assert plain(sentence) == "<5> by @U0A & a"


def test_a_field_that_a_translation_invented_stays_as_it_stands() -> None:
    assert say("{here} {there}", here="x") == "x {there}"


def test_a_field_cannot_reach_into_a_value() -> None:
    assert say("{it.__class__}", it="x") == "{it.__class__}"


def test_joined_sentences_are_lines_of_one_text() -> None:
    assert joined([Sentence("a"), Sentence("b")]) == "a\nb"
    assert units(joined([Sentence("x" * 2000)] * 3)) == TEXT_LIMIT

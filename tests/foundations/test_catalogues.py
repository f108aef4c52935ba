"""Every catalogue is whole, and is spoken where its language is set."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from bot.cph.errors import explain
from bot.divert.phones import Route
from bot.divert.wording import words_in
from bot.divert.wording.speech import language_of
from bot.slack.mrkdwn import mrkdwn
from tests.foundations.messages import TEMPLATE, extracted, languages, read, write

FIELD = re.compile(r"\{(\w+)\}")


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """Singular and plurals, or the one text there is."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def test_the_template_has_the_messages_of_the_code_and_no_other() -> None:
    def told(catalog: Catalog) -> dict[object, list[str]]:
        return {m.id: sorted(name for name, _ in m.locations) for m in messages(catalog)}

    again = "make it anew: python -m tests.foundations.messages"
    assert told(read(TEMPLATE)) == told(extracted()), again


def test_every_message_is_extracted_from_one_literal() -> None:
    found = messages(extracted())
    assert len(found) > 100
    assert all(isinstance(text, str) and text for m in found for text in forms(m.id))


def test_there_is_german() -> None:
    assert "de" in languages()


@pytest.mark.parametrize("name", languages())
def test_a_language_has_every_message_and_no_other(name: str) -> None:
    catalog = read(languages()[name], name)
    assert {m.id for m in messages(catalog)} == {m.id for m in messages(extracted())}
    assert not catalog.obsolete


@pytest.mark.parametrize("name", languages())
def test_every_message_is_translated_with_its_fields_and_marks(name: str) -> None:
    wrong = [message.id for message in messages(read(languages()[name], name)) if not kept(message)]
    assert wrong == []


def kept(message: Message) -> bool:
    """Each form of it has what one form of the original has, and the last what the last has."""
    originals, translated = [marks(one) for one in forms(message.id)], forms(message.string)
    return (
        not message.fuzzy
        and all(translated)
        and all(marks(text) in originals for text in translated)
        and marks(translated[-1]) == originals[-1]
    )


@pytest.mark.parametrize(
    "translation",
    ["", "Anfrage", "{request} {person}", "*{request}*", "{request}\n", "`{request}`"],
)
def test_a_translation_that_loses_or_adds_something_is_found(translation: str) -> None:
    assert kept(Message("see {request}", "siehe {request}"))
    assert not kept(Message("see {request}", translation))


def marks(text: str) -> tuple[list[str], list[str], int, int]:
    """What a translation must keep: fields, code, bold marks and line breaks."""
    code = re.findall(r"`[^`]*`", text)
    return sorted(FIELD.findall(text)), sorted(code), text.count("*"), text.count("\n")


@pytest.mark.parametrize("name", ["en", *languages()])
def test_labels_fit_where_slack_shows_them(name: str) -> None:
    spoken = words_in(name)
    for label in (
        "form_title", "form_submit", "form_close", "deny_submit", "approve_title",
        "approve_submit", "glass_title", "glass_submit",
    ):  # fmt: skip
        assert len(getattr(spoken, label)()) <= 24, label
    for label in (
        "approve", "cancel", "back", "withdraw", "resume", "deny", "edit", "ask_again",
        "approve_typed", "break_glass", "mark_reviewed",
    ):  # fmt: skip
        assert len(getattr(spoken, label)()) <= 30, label
    assert len(spoken.deny_title("D-7K3M7K3M")) <= 24
    assert len(spoken.form_keep(1_000_000)) <= 75
    assert all(len(spoken.form_route_choice(route)) <= 75 for route in Route)


def test_german_is_spoken_where_german_is_set() -> None:
    german = words_in("de")
    assert german.approve() == "Freigeben"
    assert mrkdwn(german.would_change(1234, 13, Route.ROUTING)) == (
        "*1.234* Telefone wechseln auf *routing*, in 13 Aufrufen."
    )
    assert mrkdwn(german.would_change(1, 1, Route.DIRECT)) == (
        "*1* Telefon wechselt auf *direct*, in 1 Aufruf."
    )


def test_what_a_code_means_is_told_in_german_too() -> None:
    german, explained = words_in("de"), explain("CPS.0141")
    told = mrkdwn(german.error_group("CPS.0141", 1, *explained, ("1",)))
    meaning = "Das Telefon läuft nicht. Starte es in der Konsole und frage noch einmal."
    assert told == f"`CPS.0141` · 1 Telefon: {meaning}\n`1`"
    halted = mrkdwn(german.halted_by("CPS.0007", *explain("CPS.0007")))
    assert halted.startswith("*Angehalten durch `CPS.0007`:* Das Cloud-Konto ist eingefroren.")


@pytest.mark.parametrize("language", ["de_AT", "de_DE"])
def test_a_land_s_german_is_german(language: str) -> None:
    assert words_in(language).approve() == "Freigeben"


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de-DE", "de_DE"), ("de", "de"), ("en-GB", "en_GB"), ("zh-CN", "zh_Hans_CN"),
     ("xx-YY", "en"), ("", "en"), ("not a locale", "en")],
)  # fmt: skip
def test_a_person_s_locale_is_read_as_slack_writes_it(locale: str, language: str) -> None:
    assert language_of(locale) == language
    assert words_in(language_of(locale)).number(1)


@pytest.mark.parametrize("language", ["en", "fr", "en_GB", "zh_Hans_CN"])
def test_a_language_without_a_catalogue_is_english(language: str) -> None:
    assert words_in(language).approve() == "Approve"


def test_a_message_that_is_not_translated_yet_stays_english(tmp_path: Path) -> None:
    made = Catalog(locale="fr")
    made.add("Approve", "Approuver")
    made.add("Deny", "")
    write(tmp_path / "fr" / "LC_MESSAGES" / "messages.po", made)
    french = words_in("fr", tmp_path)
    assert (french.approve(), french.deny_submit()) == ("Approuver", "Deny")

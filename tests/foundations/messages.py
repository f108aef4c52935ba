"""The messages as the code has them: `python -m tests.foundations.messages` writes the template
anew and takes what is new into each language, where a person translates it. With the name of a
language behind it, that one is begun.
"""

import sys
import tomllib
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.cph.errors import explain

ROOT: Final = Path(__file__).parents[2]
WORDING: Final = ROOT / "bot" / "divert" / "wording"
LOCALE: Final = ROOT / "bot" / "locale"
CODES: Final = ROOT / "bot" / "cph" / "codes.toml"
TEMPLATE: Final = LOCALE / "messages.pot"
KEYWORDS: Final = {"_": None, "n_": (1, 2)}  # as bot/divert/wording/speech.py names them


def empty(language: str | None = None) -> Catalog:
    return Catalog(
        language, project="cph-divert-bot", version="0.1.0", charset="utf-8", fuzzy=False,
        header_comment="# What the CPH divert bot says. How to change it: docs/languages.md.",
        msgid_bugs_address="", last_translator="", language_team="",
    )  # fmt: skip


def extracted() -> Catalog:
    """Every message of the code with the files it is in."""
    found = empty()
    for name, _, message, _, _ in extract_from_dir(str(WORDING), keywords=KEYWORDS):
        found.add(message, locations=[(f"bot/divert/wording/{name}", 0)])
    for text in explanations():
        found.add(text, locations=[("bot/cph/codes.toml", 0)])
    return found


def explanations() -> list[str]:
    """What the cloud's codes mean, and what is said where it gave none."""
    rows = tomllib.loads(CODES.read_text(encoding="utf-8")).values()
    return [text for row in rows for text in (row["meaning"], row["advice"])] + [*explain("")]


def languages() -> dict[str, Path]:
    """Each language that has a catalogue."""
    return {file.parents[1].name: file for file in LOCALE.glob("*/LC_MESSAGES/messages.po")}


def read(file: Path, language: str | None = None) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=language)


def write(file: Path, catalog: Catalog) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, catalog, width=100, include_lineno=False)


def renew(*new: str) -> None:
    """Write the template, and take what is new or gone into every language and these new ones."""
    template = extracted()
    write(TEMPLATE, template)
    for name in sorted({*languages(), *new}):
        file = LOCALE / name / "LC_MESSAGES" / "messages.po"
        catalog = read(file, name) if file.exists() else empty(name)
        catalog.update(template, no_fuzzy_matching=True)
        write(file, catalog)


if __name__ == "__main__":
    renew(*sys.argv[1:])

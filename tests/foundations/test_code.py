"""Rules for the code and the text of the whole repository that no linter knows."""

import ast
import re
from collections.abc import Iterator
from statistics import median, quantiles

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.foundations.tree import ROOT, files, project, sources, texts

MOST_LINES = 250
HERE = "tests/foundations/test_code.py"
HOSTS = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|goproxy|anaconda|docker|quay|ghcr|gcr|artifactory|nexus)"
    r"\.(?:org|com|io|net|cn)\b|\bmirrors?\.[\w-]+\.\w+|--(?:extra-)?index-url[ =]"
)
MACHINE = re.compile(r"(?<![\w.$*}-])/(?:work|root|home|tmp|mnt|Users)/")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|TBD)\b")
NOT_FOR_READERS = re.compile(
    r"\b(?:todo|tbd|session|helper|assistant|llm|ai|prompt|subagent|placeholder|lorem)s?\b",
    re.IGNORECASE,
)


def functions(code: dict[str, str]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for text in code.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def calls(text: str) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the name that is called, such as `pytest.skip`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_no_file_does_so_much_that_it_is_two() -> None:
    long = {
        name: len(text.splitlines())
        for name, text in sources("bot", "sandbox").items()
        if len(text.splitlines()) > MOST_LINES
    }
    assert long == {}


def test_functions_are_short() -> None:
    lengths = [
        (node.end_lineno or 0) - node.lineno + 1 for node in functions(sources("bot", "sandbox"))
    ]
    assert median(lengths) <= 8
    assert quantiles(lengths, n=10)[-1] <= 30


def test_the_environment_is_read_in_one_place() -> None:
    reading = [name for name, text in sources("bot").items() if "os.environ" in text]
    assert reading == ["bot/environment.py"]


def test_no_test_replaces_a_part_of_ours() -> None:
    for name, text in sources("tests").items():
        tree = ast.parse(text)
        modules = [getattr(node, "module", "") or "" for node in ast.walk(tree)]
        names = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
        assert not any(one.startswith(("unittest", "mock")) for one in (*modules, *names)), name
        for called, _ in calls(text):
            assert called not in {"monkeypatch.setattr", "monkeypatch.setitem"}, name
            assert not called.startswith(("mock.", "mocker.")), name


def test_no_test_is_left_out_without_a_reason() -> None:
    for name, text in sources("tests").items():
        for called, call in calls(text):
            if re.fullmatch(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)", called):
                reasons = [key.value for key in call.keywords if key.arg == "reason"]
                given = reasons or (call.args if called == "pytest.skip" else [])
                assert given, f"{name}: {ast.unparse(call)}"
        assert not re.search(r"pytest\.mark\.(skip|xfail)\s*$", text, re.MULTILINE), name


@pytest.mark.parametrize("pattern", [HOSTS, MACHINE, UNFINISHED], ids=["host", "path", "note"])
def test_no_file_names_an_index_a_path_of_one_machine_or_a_note_to_oneself(
    pattern: re.Pattern[str],
) -> None:
    found = {
        f"{name}:{number}": line.strip()
        for name, text in texts().items()
        if name != HERE
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    }
    assert found == {}


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        (HOSTS, "https://pypi.org/simple", True),
        (HOSTS, "-i https://mirrors.example.cn/simple", True),
        (HOSTS, "pip install --index-url http://x", True),
        (HOSTS, "--no-emit-index-url", False),
        (MACHINE, "/tmp/x.sqlite", True),  # noqa: S108 - text only
        (MACHINE, "see /home/me/notes", True),
        (MACHINE, "docs/work/plan", False),
        (UNFINISHED, "# TODO: later", True),
        (NOT_FOR_READERS, "a Helper", True),
        (NOT_FOR_READERS, "said and maid", False),
    ],
)
def test_these_patterns_find_what_they_shall(
    pattern: re.Pattern[str], text: str, *, is_found: bool
) -> None:
    assert bool(pattern.search(text)) == is_found


def test_what_people_read_has_only_words_for_them() -> None:
    found = {
        name: hit[0]
        for name, text in texts().items()
        if name.endswith((".md", ".yml")) and (hit := NOT_FOR_READERS.search(text))
    }
    assert found == {}


def test_the_licence_is_apache_2_0_and_said_the_same_everywhere() -> None:
    licence = (ROOT / "LICENSE").read_text()
    assert re.search(r"Apache License\s+Version 2\.0, January 2004", licence)
    assert "END OF TERMS AND CONDITIONS" in licence
    assert project()["project"]["license"] == "Apache-2.0"
    assert "[Apache-2.0](LICENSE)" in texts()["README.md"]


def test_the_changelog_tells_of_the_version_that_is_here() -> None:
    version = project()["project"]["version"]
    assert re.search(rf"^## \[?{re.escape(version)}\b", texts()["CHANGELOG.md"], re.MULTILINE)


def test_all_that_the_code_reads_goes_into_the_package() -> None:
    builder = WheelBuilder(str(ROOT))
    packed = {one.relative_path for one in builder.recurse_included_files()}
    ours = {
        str(path.relative_to(ROOT))
        for path in files()
        if path.relative_to(ROOT).parts[0] in {"bot", "sandbox"}
    }
    assert {"bot/cph/codes.toml", "bot/locale/de/LC_MESSAGES/messages.po"} <= ours <= packed

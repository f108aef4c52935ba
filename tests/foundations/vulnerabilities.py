"""`make audit-dependencies`: whether a package that is pinned has a known vulnerability.

0: each was asked about, and has none. 1: some have. 2: the service could not be asked, or does not
know the package, so that nothing is known. pip-audit itself passes over the last with a 0.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

CLEAN: Final = 0
VULNERABLE: Final = 1
UNKNOWN: Final = 2
FLAGS: Final = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "-f", "json")


@dataclass
class Findings:
    """One line each."""

    vulnerable: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    asked: int = 0

    @property
    def code(self) -> int:
        if self.vulnerable:
            return VULNERABLE
        return UNKNOWN if self.unknown or not self.asked else CLEAN


def ask(tool: Sequence[str], files: Iterable[Path]) -> Findings:
    """Have `tool`, which is pip-audit or answers as it does, look at the pins of each file."""
    findings = Findings()
    for file in files:
        command = [*tool, *FLAGS, "-r", str(file)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            packages = json.loads(ended.stdout)["dependencies"]
        except (ValueError, KeyError, TypeError):
            last = ended.stderr.strip().splitlines()[-1:] or [f"code {ended.returncode}"]
            findings.unknown.append(f"{file}: the service could not be asked: {last[0][:300]}")
            continue
        for package in packages:
            _read(findings, file, package)
    return findings


def _read(findings: Findings, file: Path, package: dict[str, Any]) -> None:
    name = f"{file}: {package['name']} {package.get('version', '')}".strip()
    if "skip_reason" in package:
        findings.unknown.append(f"{name}: {package['skip_reason']}")
        return
    findings.asked += 1
    for one in package["vulns"]:
        mended = ", ".join(one.get("fix_versions", ())) or "no version yet"
        findings.vulnerable.append(f"{name}: {one['id']}, mended in {mended}")


def main() -> int:
    """The tool's command, then the files: `… .venv-audit/bin/pip-audit requirements/*.txt`."""
    tool, *files = sys.argv[1:]
    findings = ask([tool], map(Path, files))
    for line in (*findings.vulnerable, *findings.unknown):
        print(line)
    told = {
        CLEAN: f"no known vulnerability in {findings.asked} pins",
        VULNERABLE: f"{len(findings.vulnerable)} known vulnerabilities",
        UNKNOWN: f"NOT KNOWN: {len(findings.unknown)} questions had no answer; nothing is proven",
    }
    print(told[findings.code])
    return findings.code


if __name__ == "__main__":
    sys.exit(main())

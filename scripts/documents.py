#!/usr/bin/env python3
"""Checks the documents: short lines, no laboratory notes, links that lead somewhere, and messages that exist.

A heading of docs/troubleshooting.md quotes messages in backquotes, with `…` for what differs. Each must be in Sources.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LONGEST = 120
# Output of runs is kept as it was printed.
RAW = "Benchmarks/results/"
# What belongs into a result or an issue, and words that a reader of plain English stumbles over.
NOTES = {
    r"\b20\d\d-\d\d-\d\d\b": "a date",
    r"\bseeds? \d": "a seed",
    r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b": "a hash",
    r"\bon that day\b|\bthe day before\b|\bthis morning\b": "the story of a run",
    r"\b[Ww]hoever\b|\banew\b|\b(?:is|are) told\b|\bgoes on\b|\bnone of ours\b": "a word that reads like a translation",
    r"\bdesign\.md\b|\bfailures\.md\b|\bshared design\b|\b[Ii]ssue \d+\b": "a paper that is not here",
}
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$", re.MULTILINE)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def anchors(text):
    """The names by which GitHub knows the headings of a document."""
    for heading in HEADING.findall(text):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def faults_of(file, text):
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST:
            yield f"{file}:{number}: {len(line)} characters, at most {LONGEST}"
    prose = CODE.sub(lambda code: re.sub(r"[^\n]", " ", code.group()), text)
    for number, line in enumerate(prose.split("\n"), 1):
        for pattern, name in NOTES.items():
            # A changelog has the dates of its releases.
            if name == "a date" and file.name == "CHANGELOG.md":
                continue
            if found := re.search(pattern, line):
                yield f"{file}:{number}: {name}: {found.group()}"
    for targets in LINK.findall(text):
        target = targets[0] or targets[1]
        if re.match(r"\w+:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (ROOT / file).parent / path if path else ROOT / file
        if not place.exists():
            yield f"{file}: no such file: {target}"
        elif anchor and anchor not in anchors(place.read_text()):
            yield f"{file}: no such heading: {target}"


def unknown_messages():
    source = "\n".join(file.read_text() for file in sorted((ROOT / "Sources").rglob("*.swift")))
    source = re.sub(r'"\s*\+\s*"', "", source)
    text = (ROOT / "docs/troubleshooting.md").read_text()
    for heading in HEADING.findall(text):
        for message in re.findall(r"`([^`]+)`", heading):
            for part in filter(lambda part: len(part) > 5, re.split(r"\s*…\s*", message)):
                if part not in source:
                    yield f"docs/troubleshooting.md: nothing in Sources says: {part}"


def main():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout
    faults = []
    for name in sorted(filter(None, listed.split("\0"))):
        if not name.startswith(RAW) and (ROOT / name).exists():
            faults += faults_of(pathlib.Path(name), (ROOT / name).read_text())
    faults += unknown_messages()
    print("\n".join(faults) or "documents: short lines, no notes, links and messages exist")
    return bool(faults)


sys.exit(main())

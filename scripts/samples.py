#!/usr/bin/env python3
"""Checks that every Swift sample is compiled: its lines must stand together in a file that CI builds.

Samples are the ```swift blocks of documents and of doc comments. Files that CI builds are Snippets/, Examples/ and
Tests/. Indentation does not count as long as it is the same for the whole sample.
"""
import pathlib
import re
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^( *)```swift\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"^ */// ?", re.MULTILINE)
COMPILED = ("Snippets", "Examples", "Tests")


def listed(*patterns):
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).exists()]


def lines_of(text):
    return [line.rstrip() for line in textwrap.dedent(text).strip("\n").split("\n")]


def samples():
    for file in listed("*.md"):
        for block in BLOCK.finditer(file.read_text()):
            yield file, lines_of(block.group(2))
    for file in listed("Sources/*.swift"):
        comments = re.findall(r"(?:^ *///.*\n)+", file.read_text(), re.MULTILINE)
        for comment in filter(lambda comment: "```swift" in comment, comments):
            for block in BLOCK.finditer(COMMENT.sub("", comment)):
                yield file, lines_of(block.group(2))


def stands_in(sample, compiled):
    for start in range(len(compiled) - len(sample) + 1):
        if compiled[start].strip() == sample[0].strip():
            if lines_of("\n".join(compiled[start:start + len(sample)])) == sample:
                return True
    return False


def main():
    compiled = [file.read_text().split("\n") for folder in COMPILED for file in listed(f"{folder}/*.swift")]
    count, faults = 0, []
    for file, sample in samples():
        count += 1
        if not any(stands_in(sample, lines) for lines in compiled):
            faults.append(f"{file.relative_to(ROOT)}: no file that CI builds has this sample:\n"
                          + textwrap.indent("\n".join(sample), "    "))
    print("\n".join(faults) or f"samples: each of {count} stands in a file that is built")
    return bool(faults)


sys.exit(main())

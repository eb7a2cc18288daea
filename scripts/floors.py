#!/usr/bin/env python3
"""Checks that the folders of each library are floors: a folder uses only what lies below it.

    scripts/floors.py             fails on a folder that uses one beside or above it, and tells by which files
    scripts/floors.py --draw      prints the drawing of docs/architecture.md

A file uses a folder if it names a type that is declared at the top level of a file there. Comments and strings do
not count.
"""
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# From the ground up. Folders in one row do not know each other.
FLOORS = {
    "Bellows": [
        ["Time", "Support", "Errors"],
        ["Task"],
        ["Lease"],
        ["Definition", "Record", "Signal"],
        ["Backend"],
        ["Await", "Worker", "InMemory", "Fleet"],
        ["Publish", "Attempt"],
        ["Dispatcher"],
    ],
    "BellowsRedis": [
        ["Configuration", "Keys"],
        ["Wire"],
        ["Socket", "Server"],
        ["Connection"],
        ["Subscription", "Scripts"],
        ["Sentinel", "Cluster", "Batching"],
        ["Admission"],
        ["Operations"],
        ["Replication", "Signals"],
        ["Backend"],
        ["Diagnosis"],
        ["Audit"],
    ],
}

DECLARATION = re.compile(
    r"^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate|final|indirect)\s+)*"
    r"(?:struct|class|enum|actor|protocol|typealias)\s+([A-Z]\w*)",
    re.MULTILINE,
)
COMMENT = re.compile(r"//.*")
STRING = re.compile(r'"""(?:.|\n)*?"""|"(?:\\.|[^"\\\n])*"')
TYPE = re.compile(r"\b[A-Z]\w*\b")


def arrows(target):
    """Who uses whom: pairs of folders, each with the files and types that make the arrow."""
    source = ROOT / "Sources" / target
    texts = {file: STRING.sub('""', COMMENT.sub("", file.read_text())) for file in sorted(source.rglob("*.swift"))}
    homes = {}
    for file, text in texts.items():
        for name in DECLARATION.findall(text):
            homes.setdefault(name, file)
    found = collections.defaultdict(set)
    for file, text in texts.items():
        for name in set(TYPE.findall(text)):
            home = homes.get(name)
            if home is not None and home.parent != file.parent:
                found[file.parent.name, home.parent.name].add(f"{file.relative_to(source)} names {name}")
    return found, {file.parent.name for file in texts}


def problems(target):
    heights = {folder: height for height, row in enumerate(FLOORS[target]) for folder in row}
    found, folders = arrows(target)
    for folder in sorted(folders - heights.keys()):
        yield f"{target}/{folder} has no floor: give it one in scripts/floors.py"
    for folder in sorted(heights.keys() - folders):
        yield f"{target}/{folder} is a floor without files: remove it from scripts/floors.py"
    for (user, used), places in sorted(found.items()):
        if user in heights and used in heights and heights[used] >= heights[user]:
            yield f"{target}/{user} uses {used}, which is not below it: " + "; ".join(sorted(places)[:3])


def drawing():
    """The floors as Mermaid, the highest first."""
    lines = ["```mermaid", "flowchart TB"]
    rooms = []
    for target in reversed(FLOORS):
        lines.append(f"    subgraph {target}")
        names = []
        for row in reversed(FLOORS[target]):
            node = f"{target}_{row[0]}"
            lines.append(f'        {node}["{" · ".join(sorted(row))}"]')
            names.append(node)
        lines += [f"        {upper} --> {lower}" for upper, lower in zip(names, names[1:])]
        lines.append("    end")
        rooms.append(target)
    lines.append("    " + " --> ".join(rooms))
    return "\n".join(lines + ["```"])


if sys.argv[1:] == ["--draw"]:
    print(drawing())
else:
    faults = [problem for target in FLOORS for problem in problems(target)]
    if drawing() not in (ROOT / "docs" / "architecture.md").read_text():
        faults.append("docs/architecture.md does not show these floors: put in what scripts/floors.py --draw prints")
    print("\n".join(faults) or "floors: every folder uses only what lies below it")
    sys.exit(bool(faults))

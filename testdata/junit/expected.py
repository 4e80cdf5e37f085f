#!/usr/bin/env python3
"""Writes expected.csv: what Testmo's command line 1.4.5 does with each file of this folder when the file is
the only value of --results.

    file      path below this folder
    outcome   ok       accepted, with at least one test
              empty    accepted, without tests: an empty run is submitted, exit 0
              refused  considered but not parseable: exit 1 before any call
              ignored  not considered (extension, or no `<testsuite`): an empty run is submitted, exit 0
    tests     number of tests that are sent
    passed, failed, skipped   of these, by their status (failed: failure or error)

Independent of Attest's own reader: only this file and Python's expat. Run it after adding a file:
    python3 testdata/junit/expected.py            writes expected.csv
    python3 testdata/junit/expected.py --check    exits 1 when expected.csv is not up to date
"""
import csv
import io
import pathlib
import re
import sys
from xml.parsers import expat

HERE = pathlib.Path(__file__).resolve().parent
OWN = {"README.md", "LICENCE.md", "expected.py", "expected.csv"}
EXTENSIONS = {".xml", ".junit", ".log", ".report", ".reports", ".result", ".results"}
COLUMNS = ["file", "outcome", "tests", "passed", "failed", "skipped"]
SUITES = ("testsuite", "testsuites")
# White space that JavaScript's trim removes.
BLANKS = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

MARKUP = re.compile(
    r"(?P<verbatim><!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>)"
    r"|(?P<tag><[^<>\"']+(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*>)"
    r"|(?P<text>[^<]+)|(?P<rest><)",
    re.DOTALL,
)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


class Node:
    def __init__(self, name, attributes):
        self.name, self.attributes, self.children = name, attributes, []


def tolerated(text):
    """`text` with what the original accepts beyond XML rewritten to something that expat accepts too."""

    def value(match):
        inner = match[0][1:-1].replace("&", "&amp;").replace("<", "&lt;")
        return match[0][0] + inner + match[0][-1]

    def piece(match):
        if match["verbatim"]:
            return match["verbatim"]
        if match["tag"]:
            return QUOTED.sub(value, match["tag"])
        # In text an ampersand must start something that looks like a reference; which one does not matter.
        return re.sub(r"&(#[0-9]*|#x[0-9a-fA-F]+|\w+);", "?", (match["text"] or match["rest"]).replace("]]>", "?"))

    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "?", text)
    text = re.sub(r"<!--(.*?)-->", lambda m: "<!--" + m[1].replace("-", " ") + "-->", text, flags=re.DOTALL)
    text = MARKUP.sub(piece, text)
    # Verbatim text behind the root element.
    return re.sub(r"<!\[CDATA\[[^<]*\]\]>\s*$", "", text)


def parse(text):
    root = Node("", {})
    path = [root]

    def start(name, attributes):
        node = Node(name, attributes)
        path[-1].children.append(node)
        path.append(node)

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: path.pop()
    parser.Parse(tolerated(text).encode("utf-8"), True)
    return root


def tests(node):
    """The status of each test below `node`."""
    for child in node.children:
        if child.name in SUITES:
            yield from tests(child)
        elif child.name == "testcase" and child.attributes.get("name", "").strip(BLANKS):
            outcomes = {outcome.name for outcome in child.children}
            if outcomes & {"error", "failure"}:
                yield "failed"
            else:
                yield "skipped" if "skipped" in outcomes else "passed"


def row(path):
    name = path.relative_to(HERE).as_posix()
    text = path.read_bytes().decode("utf-8", errors="replace").removeprefix("\ufeff")
    if path.suffix.lower() not in EXTENSIONS or "<testsuite" not in text:
        return [name, "ignored", 0, 0, 0, 0]
    try:
        found = list(tests(parse(text)))
    except expat.ExpatError:
        return [name, "refused", 0, 0, 0, 0]
    counts = [found.count(status) for status in ("passed", "failed", "skipped")]
    return [name, "ok" if found else "empty", len(found), *counts]


def main():
    files = sorted(path for path in HERE.rglob("*") if path.is_file() and path.name not in OWN)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row(path) for path in files)
    target = HERE / "expected.csv"
    if "--check" in sys.argv:
        sys.exit(0 if target.read_text() == table.getvalue() else "expected.csv is not up to date: run expected.py")
    target.write_text(table.getvalue())


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""The Spanish page of the flagship: no name or unit that a reader sees is left in English.  test_spanish.py PARLEY SITUATION

Two nets: every text of the page's data in two languages differs between them, but for those that are the same in both; and no
text that is shown in Spanish is a name of the model or of the situation, or the English title of something."""
import csv
import html
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# The same in both languages: names of rules and courses, and what is the same word.
SAME = {"Mano dura", "Hurwicz", "Laplace", "Base", "Actor", "No.", "%", "Total", "base", ""}
VOID = {"meta", "link", "br", "input", "img", "hr"}


class Shown(html.parser.HTMLParser):
    """Texts that the page shows in Spanish: outside of lang="en", quotations, scripts and styles."""

    def __init__(self):
        super().__init__()
        self.stack, self.texts = [], []

    def handle_starttag(self, tag, attributes):
        if tag in VOID:
            return
        given = dict(attributes)
        english = (given.get("lang") == "en" and tag != "html") or given.get("class") == "quoted"
        self.stack.append(bool(self.stack and self.stack[-1]) or english or tag in ("script", "style", "title"))

    def handle_endtag(self, tag):
        if tag not in VOID and self.stack:
            self.stack.pop()

    def handle_data(self, data):
        if self.stack and not self.stack[-1] and data.strip():
            self.texts.append(" ".join(data.split()))


def pairs(tree, path=""):
    """Every [English, Spanish] of the data, with the way to it."""
    if isinstance(tree, list):
        if len(tree) == 2 and all(isinstance(text, str) for text in tree):
            yield path, tree[0], tree[1]
            return
        for item in tree:
            yield from pairs(item, path)
    elif isinstance(tree, dict):
        for key, item in tree.items():
            yield from pairs(item, f"{path}.{key}")


def names(tree, key="name"):
    """The names under which the page's engine knows things: English, and never shown."""
    if isinstance(tree, list):
        for item in tree:
            yield from names(item, key)
    elif isinstance(tree, dict):
        if isinstance(tree.get(key), str):
            yield tree[key]
        for item in tree.values():
            yield from names(item, key)


def main():
    parley, situation = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        copy, page = pathlib.Path(folder) / "us-mexico", pathlib.Path(folder) / "report.html"
        shutil.copytree(situation, copy, ignore=shutil.ignore_patterns("results.nc*", "fitted.csv"))
        subprocess.run([parley, "report", copy, "--futures", "12", "--output", page, "--quiet"], check=True)
        text = page.read_text()
    data = json.loads(re.search(r'id="parley-data">(.*?)</script>', text, re.S).group(1))
    wrong, count, english = [], 0, set(names(data))
    for path, en, es in pairs(data):
        if not re.search("[A-Za-z]{3}", en) or path.startswith(".words"):
            continue
        count += 1
        if en == es and en not in SAME:
            wrong.append(f"{path}: '{en}' is the same in Spanish")
        elif en != es and len(en) > 3:
            english.add(en)
    spanish = {es for _, _, es in pairs(data)}
    reader = Shown()
    reader.feed(text)
    for shown in reader.texts:
        if shown in english - spanish - SAME:
            wrong.append(f"shown in Spanish: '{shown}'")
    for units in re.findall(r"\b(?:Dmnl|Person(?:/\w+)?|Percent|G\$/Year|1/Week|1/Year)\b", "\n".join(reader.texts)):
        wrong.append(f"units of the model are shown: '{units}'")
    quoted = re.findall(r'<span lang="" class="quoted">([^<]*)</span>', text)
    for source in {row["source"] for row in csv.DictReader(open(situation / "backtests.csv", newline=""))}:
        if html.escape(source) not in quoted:
            wrong.append(f"the source of a back-test is not marked as a quotation: '{source}'")
    assert count > 500 and len(reader.texts) > 2000 and len(english) > 300, (count, len(reader.texts), len(english))
    print(f"{count} texts of the data, {len(reader.texts)} of the page, {len(english)} English names: {len(wrong)} wrong")
    print("\n".join(sorted(set(wrong))[:60]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""The catalogue of the report's words against itself and against JavaScript.

    tests/test_report_words.py PARLEY

Every row has both languages, with the same values and the same marks; no id stands twice; every text that a script of
web/ asks for (a literal in capitals) is a PAGE_WORD, and every PAGE_WORD is asked for; every WORD is used in C.
"""
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STRING = r'"(?:[^"\\]|\\.)*"'
ROW = re.compile(r"^(PAGE_)?WORD\((\w+),\s*((?:%s\s*)+),\s*((?:%s\s*)+)\)" % (STRING, STRING), re.M)
wrong = []


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def text(literals):
    return "".join(part[1:-1] for part in re.findall(STRING, literals))


def rows():
    """{id: (of the page, English, Spanish)}"""
    found = {}
    for path in re.findall(r'#include "(report/words/\w+\.h)"', read(f"{ROOT}/src/report/words.h")):
        content = read(f"{ROOT}/src/{path}")
        matches = list(ROW.finditer(content))
        if len(matches) != len(re.findall(r"^(?:PAGE_)?WORD\(", content, re.M)):
            wrong.append(f"{path}: a row that cannot be read")
        for match in matches:
            if match[2] in found:
                wrong.append(f"{match[2]} stands twice")
            found[match[2]] = (bool(match[1]), text(match[3]), text(match[4]))
    return found


def values(word):
    return sorted(re.findall(r"%[1-9]", word))


def check_row(name, of_page, english, spanish):
    for language, word in (("English", english), ("Spanish", spanish)):
        if not word.strip():
            wrong.append(f"{name}: no {language}")
        if word.count("<") != word.count(">") or re.search(r"<(?!/?(?:b|em)>)", word):
            wrong.append(f"{name}: marks other than <b> and <em> in {language}")
        if of_page and "<" in word:
            wrong.append(f"{name}: JavaScript takes no marks")
    if set(values(english)) != set(values(spanish)):
        wrong.append(f"{name}: {values(english)} in English, {values(spanish)} in Spanish")


def main():
    found = rows()
    for name, row in found.items():
        check_row(name, *row)
    scripts = [path for path in glob.glob(f"{ROOT}/web/**/*.js", recursive=True)
               if "/bundle/" not in path and "/test/" not in path and "node_modules" not in path
               and os.path.basename(path) != "plot.js"]
    code = "".join(re.sub(r"^\s*//.*", "", read(path), flags=re.M) for path in scripts)
    asked = {word for word in re.findall(r'"([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*)"', code) if len(word) > 3}
    of_page = {name for name, row in found.items() if row[0]}
    wrong.extend(f"{name}: a script asks for it, and it is no PAGE_WORD" for name in sorted(asked - of_page))
    wrong.extend(f"{name}: a PAGE_WORD that no script asks for" for name in sorted(of_page - asked))
    sources = "".join(read(path) for path in glob.glob(f"{ROOT}/src/**/*.[ch]", recursive=True))
    kinds = set(re.findall(r"^\s+X\(([A-Z]+),", read(f"{ROOT}/src/ensemble/situation.h"), re.M))
    headings = set(re.findall(r"X\(\w+, ([A-Z_0-9]+)\)", read(f"{ROOT}/src/report/parts.h")))
    used = set(re.findall(r"PL_WORD_([A-Z0-9_]+)", sources)) | kinds | headings
    made = tuple(re.findall(r"PL_WORD_([A-Z0-9_]+_)##", sources))
    wrong.extend(f"{name}: nothing uses it" for name, row in found.items()
                 if not row[0] and name not in used and not (made and name.startswith(made)))
    print("\n".join(wrong) or f"{len(found)} words, {len(of_page)} of them for scripts")
    sys.exit(bool(wrong))


main()

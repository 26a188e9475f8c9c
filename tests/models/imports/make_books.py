#!/usr/bin/python3
"""Writes book.xlsx and old.xls of this folder, by the published formats: ECMA-376 part 1 (xlsx), [MS-CFB] and [MS-XLS].

    tests/models/imports/make_books.py
"""
import os
import struct
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

# Times across in the first row of each sheet, series below; an empty cell is None.
SERIES = [["time", 0, 2, 4, 8], ["north", 10, 30, None, 50], ["south", 1, 2, 4, 8]]
PLAIN = [["", "x", "y"], ["u", 1.5, 2.5], ["v", 3.5, 4.5], ["w", 5.5, 6.5]]


def letters(column):
    return chr(ord("A") + column)


def sheet(rows, shared):
    """The XML of a sheet; texts stand in turn as shared and as inline ones."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN}"><sheetData>'
    for r, row in enumerate(rows):
        text += f'<row r="{r + 1}">'
        for c, value in enumerate(row):
            place = f'r="{letters(c)}{r + 1}"'
            if isinstance(value, str) and value and (r + c) % 2:
                shared.append(value)
                text += f'<c {place} t="s"><v>{len(shared) - 1}</v></c>'
            elif isinstance(value, str) and value:
                text += f'<c {place} t="inlineStr"><is><t>{value}</t></is></c>'
            elif isinstance(value, (int, float)):
                text += f"<c {place}><v>{value!r}</v></c>"
        text += "</row>"
    return text + "</sheetData></worksheet>"


def write_xlsx(path):
    shared = []
    sheets = {"Series": sheet(SERIES, shared), "Plain": sheet(PLAIN, shared)}
    names = {"when": "Series!$B$1:$E$1", "both": "Series!$B$2:$E$3", "corner": "Plain!$B$2", "column": "'Plain'!$C$2:$C$4"}
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
                               f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
                       f'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
                           + "".join(f'<sheet name="{name}" sheetId="{i + 1}" r:id="s{i + 1}"/>' for i, name in enumerate(sheets))
                           + "</sheets><definedNames>"
                           + "".join(f'<definedName name="{name}">{cells}</definedName>' for name, cells in names.items())
                           + "</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
                                      + "".join(f'<Relationship Id="s{i + 1}" Type="{OFFICE}/worksheet" Target="worksheets/s{i + 1}.xml"/>'
                                                for i in range(len(sheets)))
                                      + f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    }
    for i, text in enumerate(sheets.values()):
        parts[f"xl/worksheets/s{i + 1}.xml"] = text
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>{text}</t></si>" for text in shared) + "</sst>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


def record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def biff(rows, name):
    """The workbook stream of one sheet (BIFF8)."""
    def begin(kind):
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))

    cells = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str) and value:
                cells += record(0x0204, struct.pack("<HHHHB", r, c, 0, len(value), 0) + value.encode("latin-1"))
            elif isinstance(value, (int, float)):
                cells += record(0x0203, struct.pack("<HHHd", r, c, 0, value))
    head = begin(0x0005) + record(0x0042, struct.pack("<H", 1200))
    entry = struct.pack("<IBBBB", 0, 0, 0, len(name), 0) + name.encode("latin-1")
    start = len(head) + len(record(0x0085, entry)) + len(record(0x000A))
    entry = struct.pack("<I", start) + entry[4:]
    return head + record(0x0085, entry) + record(0x000A) + begin(0x0010) + cells + record(0x000A)


def write_xls(path):
    """The stream in a compound file of 512-byte sectors: allocation table, directory, then the stream."""
    stream = biff(SERIES, "Series")
    stream += bytes(4096 - len(stream)) if len(stream) < 4096 else bytes(-len(stream) % 512)
    count = len(stream) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE] + [i + 3 for i in range(count - 1)] + [0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))

    def entry(name, kind, child, start, size):
        text = (name + "\0").encode("utf-16-le") if name else b""
        return (text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
                + bytes(36) + struct.pack("<IQ", start, size))

    directory = (entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
                 + 2 * entry("", 0, 0xFFFFFFFF, 0, 0))
    head = (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
            + struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + struct.pack("<I", 0xFFFFFFFF) * 108)
    with open(path, "wb") as file:
        file.write(head + struct.pack("<128I", *table) + directory + stream)


write_xlsx(os.path.join(HERE, "book.xlsx"))
write_xls(os.path.join(HERE, "old.xls"))

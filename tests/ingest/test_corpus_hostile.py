"""Corpus, part four: workbooks that want to do harm (rules 10, 12 and 13), through the whole check."""

import io
import struct
import warnings
import zipfile

import pytest

from ingest.model import MIB
from tests.ingest.books import HEADER, repack
from tests.ingest.corpus import Case, verify
from tests.ingest.raw_books import DECLARATION, PACKAGE, RELS, SHEET, pack, parts_of, row, stored

GOOD_PARTS = parts_of(row(1, *HEADER) + row(2, "甲", "胶", stored("0.3")))
GOOD = pack(GOOD_PARTS)
ENTITIES = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


def hostile(name, content, code, filename="list.xlsx"):
    return Case(name, content, filename, code=code)


def with_parts(**added):
    return repack(GOOD, add={name.replace("__", "/"): data for name, data in added.items()})


def added(name, data):
    return repack(GOOD, add={name: data})


def relation(type_, target, mode=""):
    part = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{type_}" Target="{target}"{mode}/></Relationships>'
    return (DECLARATION + part).encode()


def changed(part, change):
    return pack(GOOD_PARTS | {part: change(GOOD_PARTS[part])})


def declared(part, doctype=ENTITIES):
    return changed(part, lambda data: data.replace(DECLARATION.encode(), (DECLARATION + doctype).encode()))


def twice(name):
    stream = io.BytesIO(GOOD)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as target:
        warnings.simplefilter("ignore")
        target.writestr(name, b"<x/>")
    return stream.getvalue()


def unlisted():
    """Hide a second sheet between two parts of the zip, where the directory does not look."""
    hidden = pack({SHEET: b"<worksheet/>"})
    local = hidden[: hidden.index(b"PK\x01\x02")]
    directory = GOOD.index(b"PK\x01\x02")
    tail = bytearray(GOOD[directory:])
    at = tail.rindex(b"PK\x05\x06") + 16
    tail[at : at + 4] = struct.pack("<L", directory + len(local))
    return GOOD[:directory] + local + bytes(tail)


def overlapping():
    """Let two entries of the directory share one stretch of data."""
    data = bytearray(pack(GOOD_PARTS | {"xl/a.xml": b"<x/>", "xl/b.xml": b"<x/>"}))
    first = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02"))
    places = []
    while (first := data.find(b"PK\x01\x02", first)) >= 0:
        places.append(first)
        first += 4
    data[places[-1] + 42 : places[-1] + 46] = data[places[-2] + 42 : places[-2] + 46]
    return bytes(data)


def with_flag(bit):
    data = bytearray(GOOD)
    data[6] |= bit
    return bytes(data)


def encrypted_container():
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(900)
    )


LINK = ' TargetMode="External"'
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
CASES = [
    hostile("a part that inflates a thousand times", added("xl/media/a.bin", bytes(11 * MIB)), "ratio"),
    hostile("a sheet of nothing but blanks", changed(SHEET, lambda data: data.replace(b"<sheetData>", b"<sheetData>" + b" " * (30 * MIB))), "ratio"),
    hostile("entries that overlap", overlapping(), "damaged"),
    hostile("a part that the directory does not list", unlisted(), "damaged"),
    hostile("a size that lies", added("xl/a.xml", bytes(MIB)).replace(struct.pack("<L", MIB), struct.pack("<L", 9)), "damaged"),
    hostile("a checksum that lies", GOOD.replace(struct.pack("<L", zipfile.ZipFile(io.BytesIO(GOOD)).getinfo(SHEET).CRC), bytes(4)), "damaged"),
    hostile("2,001 parts", repack(GOOD, add={f"a{n}": b"" for n in range(2001 - len(GOOD_PARTS))}), "too-many-parts"),
    hostile("a zip within the zip is no workbook", pack({"a.xlsx": GOOD}), "not-workbook"),
    *(hostile(f"name {name}", added(name, b"x"), "damaged") for name in ("../evil.xml", "xl/../../evil", "..\\evil", "/etc/passwd", "C:\\evil.xml", "\\\\host\\share")),
    hostile("a part twice", twice(SHEET), "duplicate-part"),
    hostile("a part twice in other case", added("XL/Worksheets/Sheet1.XML", b"<x/>"), "duplicate-part"),
    hostile("a part twice with other strokes", added("xl\\workbook.xml", b"<x/>"), "duplicate-part"),
    *(hostile(f"entities in {part}", declared(part), "doctype") for part in (SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels")),
    hostile("an outside entity", declared(SHEET, '<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "doctype"),
    hostile("DOCTYPE in UTF-16", added("customXml/item1.xml", ("\ufeff<!DOCTYPE a><a/>").encode("utf-16-be")), "doctype"),
    *(hostile(f"macro {name}", added(name, b"x"), "macro") for name in ("xl/vbaProject.bin", "xl/vbaProjectSignature.bin", "xl/macrosheets/sheet1.xml")),
    hostile("the type of a macro workbook", changed("[Content_Types].xml", lambda data: data.replace(b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml")), "macro"),
    hostile("a binary workbook", changed("[Content_Types].xml", lambda data: data.replace(b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"application/vnd.ms-excel.sheet.binary.macroEnabled.main")), "macro"),
    hostile("an outside workbook", added("xl/externalLinks/externalLink1.xml", b"<x/>"), "external-link"),
    hostile("a link to a page", added(SHEET_RELS, relation(f"{RELS}/hyperlink", "http://example.org", LINK)), "external-link"),
    hostile("a picture from elsewhere", added("xl/drawings/_rels/drawing1.xml.rels", relation(f"{RELS}/image", "file:///a.png", LINK)), "external-link"),
    hostile("an outside template", added("xl/_rels/a.xml.rels", relation(f"{RELS}/attachedTemplate", "http://example.org/t", ' TargetMode="&#69;xternal"')), "external-link"),
    hostile("a data connection", added("xl/connections.xml", b"<x/>"), "external-link"),
    hostile("an OLE object", added("xl/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0"), "embedded-object"),
    hostile("a workbook within", added("xl/embeddings/Microsoft_Excel_Sheet1.xlsx", GOOD), "embedded-object"),
    hostile("an OLE relation", added(SHEET_RELS, relation(f"{RELS}/oleObject", "../a.bin")), "embedded-object"),
    hostile("a control", added("xl/activeX/activeX1.bin", b"x"), "embedded-object"),
    hostile("an encrypted part", with_flag(1), "encrypted"),
    hostile("a password", encrypted_container(), "encrypted"),
    hostile("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "old-workbook"),
    hostile("an open document", pack({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}), "not-workbook"),
    hostile("a text document", pack(GOOD_PARTS | {"_rels/.rels": relation(f"{RELS}/officeDocument", "word/document.xml"), "word/document.xml": b"<w:document xmlns:w='x'/>"}), "damaged"),
    hostile("bytes before the zip", b"MZ" + GOOD, "not-workbook"),
    hostile("bytes behind the zip", GOOD + b"x" * 200_000, "damaged"),
    hostile("a cut zip", GOOD[: len(GOOD) // 2], "damaged"),
    hostile("an empty zip", b"PK\x05\x06" + bytes(18), "not-workbook"),
    hostile("an endless tag", changed(SHEET, lambda data: data.replace(b"<sheetData>", b"<sheetData x='" + bytes(range(65, 90)) * 300_000 + b"'>")), "damaged"),
    hostile("elements within elements", changed(SHEET, lambda data: data.replace(b"<sheetData>", b"<a>" * 300_000 + b"<sheetData>")), "damaged"),
    hostile("relations in a circle", pack(GOOD_PARTS | {"xl/_rels/workbook.xml.rels": relation(f"{RELS}/worksheet", "workbook.xml")}), "damaged"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_wants_to_do_harm_is_refused_in_one_sentence(checked, case):
    verify(checked(case.content, case.filename), case)


def test_two_thousand_parts_are_not_too_many(checked):
    content = repack(GOOD, add={f"a{n}": b"" for n in range(2000 - len(GOOD_PARTS))})
    assert checked(content, "list.xlsx")["status"] == "accept"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_pictures_comments_and_printer_settings_are_no_harm(checked, method):
    parts = GOOD_PARTS | {
        "xl/media/image1.png": b"\x89PNG" * 99,
        "xl/comments1.xml": b"<comments/>",
        "xl/printerSettings/printerSettings1.bin": b"x" * 99,
        "docProps/app.xml": b"<Properties/>",
        SHEET_RELS: relation(f"{RELS}/comments", "../comments1.xml"),
    }
    assert checked(pack(parts, method=method), "list.xlsx")["status"] == "accept"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_to_compress_are_refused(checked, method):
    assert checked(pack(GOOD_PARTS, method=method), "list.xlsx")["code"] == "damaged"

import io
import random
import struct
import warnings
import zipfile

import pytest

from ingest.errors import UploadRefusedError
from ingest.gate import check_file
from ingest.model import MIB, Limits
from tests.ingest.books import HEADER, SHEET, part, repack, workbook

GOOD = workbook(HEADER, ("甲", "光刻胶", 0.2))
RELATIONS = b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
LINK = (
    RELATIONS
    + b'<Relationship Id="r1" Type="x/hyperlink" Target="http://example.org" TargetMode="&#69;xternal"/>'
    + b"</Relationships>"
)
OLE = RELATIONS + b'<Relationship Id="r1" Type="x/relationships/oleObject" Target="a.bin"/></Relationships>'


def code(content, name="list.xlsx", **limits):
    with pytest.raises(UploadRefusedError) as caught:
        check_file(content, name, limits=Limits(**limits))
    assert "\n" not in caught.value.sentence("zh")
    assert "/" not in caught.value.sentence("en")
    return caught.value.code


def test_a_plain_workbook_passes():
    assert check_file(GOOD, "list.XLSX") == "xlsx"


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ({"xl/vbaProject.bin": b"x"}, "macro"),
        ({"xl/macrosheets/sheet1.xml": b"<x/>"}, "macro"),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "external-link"),
        ({"xl/worksheets/_rels/sheet1.xml.rels": LINK}, "external-link"),
        ({"xl/worksheets/_rels/sheet1.xml.rels": OLE}, "embedded-object"),
        ({"xl/embeddings/oleObject1.bin": b"x"}, "embedded-object"),
        ({"xl/activeX/activeX1.xml": b"<x/>"}, "embedded-object"),
        ({"customXml/item1.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "doctype"),
        ({"customXml/item1.xml": "\ufeff<!DOCTYPE a><a/>".encode("utf-16-le")}, "doctype"),
        ({"customXml/item1.xml": b" " * (MIB - 4) + b"<!DOCTYPE a><a/>"}, "doctype"),
        ({"XL/Workbook.xml": b"<x/>"}, "duplicate-part"),
        ({"../evil.xml": b"<x/>"}, "damaged"),
    ],
)
def test_parts_that_do_not_belong_in_a_list_are_refused(added, expected):
    assert code(repack(GOOD, add=added)) == expected


def test_a_macro_workbook_renamed_to_xlsx_is_refused():
    types = part(GOOD, "[Content_Types].xml").replace(
        b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml"
    )
    assert code(repack(GOOD, replace={"[Content_Types].xml": types})) == "macro"


def test_two_parts_of_one_name_are_refused():
    stream = io.BytesIO(GOOD)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as target:
        warnings.simplefilter("ignore")
        target.writestr(SHEET, b"<x/>")
    assert code(stream.getvalue()) == "duplicate-part"


def test_too_many_parts_are_refused():
    assert code(repack(GOOD, add={f"p{number}": b"" for number in range(2001)})) == "too-many-parts"


def test_a_part_that_inflates_beyond_reason_is_refused():
    bomb = repack(GOOD, add={"xl/media/a.png": b"\0" * (11 * MIB)})
    assert code(bomb) == "ratio"
    assert code(bomb, part_bytes=10 * MIB) == "inflated"
    assert code(bomb, inflated_bytes=11 * MIB, ratio=10**6) == "inflated"


def test_a_small_part_may_shrink_a_lot():
    assert check_file(repack(GOOD, add={"xl/media/a.png": b"\0" * (9 * MIB)}), "a.xlsx") == "xlsx"


def test_a_part_larger_than_it_declares_is_refused():
    content = repack(GOOD, add={"xl/a.xml": b"\0" * MIB})
    lied = content.replace(struct.pack("<L", MIB), struct.pack("<L", 1000))
    assert lied != content
    assert code(lied) == "damaged"


def test_an_endless_tag_is_refused_before_a_parser_rereads_it():
    endless = b"<a b='" + random.Random(1).randbytes(6 * MIB).replace(b">", b"") + b"'/>"
    assert code(repack(GOOD, add={"xl/a.xml": endless})) == "damaged"


def test_an_encrypted_part_is_refused():
    data = bytearray(GOOD)
    data[6] |= 1
    assert code(bytes(data)) == "encrypted"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"supplier,item\n", "not-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (GOOD[:-100], "damaged"),
        (b"MZ" + GOOD, "not-workbook"),
        (repack(GOOD)[:2000], "damaged"),
    ],
)
def test_what_is_no_workbook_is_refused(content, expected):
    assert code(content) == expected


def test_a_zip_without_content_types_is_no_workbook():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("a.txt", "x")
    assert code(stream.getvalue()) == "not-workbook"


def test_a_file_above_the_upload_limit_is_refused():
    assert code(b"a,b\n" * 300_000, "a.csv", upload_bytes=MIB) == "file-too-large"


def test_a_workbook_named_as_text_is_refused():
    assert code(GOOD, "list.csv") == "not-text"

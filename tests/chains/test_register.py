"""The rules of the register, 工作目录(公开资料)."""

from dataclasses import replace

import pytest

from chains.checks import check_register
from chains.errors import Place
from chains.model import Bottleneck, Chain, ChainFolder, FiveBase, Item, Kind

ROW = Bottleneck(
    bottleneck_id="B1",
    name_zh="KrF光刻胶",
    name_en="KrF photoresist",
    five_base=FiveBase.BASIC_MATERIAL,
    chain="ic",
    item_id="RESIST",
    link_kind="part_of",
    evidence_grade="E1",
    foreign_dependence="high",
    main_foreign_suppliers=None,
    status="open",
    source_id="paper",
    place=Place("bottlenecks.csv", 2),
)
FOLDER = ChainFolder(
    Chain("ic", "集成电路", "ICs"), (Item("RESIST", "Photoresist", "光刻胶", Kind.MATERIAL),), (), (), ()
)


def check(row, **options):
    found = check_register([row], [FOLDER], expected_rows=1, source_ids={"paper"}, **options)
    return [(str(p.severity), p.code, str(p.places[0])) for p in found]


def test_a_sound_row_has_no_problem():
    assert check(ROW) == []


def test_a_row_without_an_item_has_no_problem():
    assert check(replace(ROW, item_id=None, link_kind=None)) == []


def test_a_register_of_another_size_is_an_error():
    found = check_register([ROW], [FOLDER])
    assert [(p.severity, p.code) for p in found] == [("error", "register-size")]
    assert "1 rows instead of 278" in found[0].message


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"item_id": "RESIN"}, "unresolved-item"),
        ({"link_kind": None}, "half-link"),
        ({"item_id": None}, "half-link"),
        ({"link_kind": "cousin"}, "unknown-word"),
        ({"evidence_grade": "E5"}, "unknown-word"),
        ({"status": "solved"}, "unknown-word"),
        ({"foreign_dependence": "total"}, "unknown-word"),
        ({"source_id": "rumour"}, "unknown-source"),
    ],
)
def test_a_row_that_breaks_a_rule_is_an_error_of_its_row(change, code):
    assert check(replace(ROW, **change)) == [("error", code, "bottlenecks.csv row 2")]

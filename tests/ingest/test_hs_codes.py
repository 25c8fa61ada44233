"""An HS code places an item where its name does not, when exactly one known item gives that code."""

from ingest.checking import check
from ingest.model import KnownName

ITEMS = (
    KnownName("CPU", ("处理器",), hs_codes=("854231",)),
    KnownName("DRAM", ("内存",), hs_codes=("854232",)),
    KnownName("NAND", ("闪存",), hs_codes=("854232",)),
)
LIST = """供应商,物料,HS编码
甲,某型号芯片,8542.31
乙,另一芯片,HS 8542.32
丙,内存,854231
丁,第三种,8542
"""


def test_only_a_code_of_one_item_places_a_name_and_the_name_stands_above_it(reader):
    result = check(LIST.encode(), "a.csv", known_items=ITEMS, reader=reader)
    placed = [(row["item_id"], row["item_match"], row["extra"]["HS编码"]) for row in result.good()]
    assert placed == [
        ("CPU", "code", "8542.31"),
        (None, None, "HS 8542.32"),
        ("DRAM", "name", "854231"),
        (None, None, "8542"),
    ]
    (told,) = (warning.sentence() for warning in result.warnings if warning.code == "hs-codes")
    assert "某型号芯片 → 处理器" in told


def test_a_column_of_hs_codes_is_told_with_its_use_and_not_as_unrecognised(reader):
    content = LIST.replace("HS编码", "HS编码,备注").replace("8542.31", "8542.31,好").encode()
    with_codes = check(content, "a.csv", known_items=ITEMS, reader=reader)
    without = check(content, "a.csv", known_items=(KnownName("CPU", ("处理器",)),), reader=reader)
    for result, code in ((with_codes, "hs-column"), (without, "hs-column-idle")):
        told = {warning.code: warning.params for warning in result.warnings}
        assert told["unknown-columns"] == {"names": "备注"}
        assert told[code] == {"column": "HS编码"}

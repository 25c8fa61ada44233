"""Random lists of known cells are read as the rules read them a second time, value by value."""

import csv
import io
import random

import pytest

from tests.ingest.corpus import CODE, OTHER_CODE
from tests.ingest.row_rules import FIELDS, read_rows

LISTS = 30
NAMES = ["甲", "乙", "丙", "丁", "甲 ", "ＡＢ", "ab", "", "-", "无", "NA", "x" * 201, "x" * 200, "a\ufffd"]
SHARES = [
    "30%",
    "0.3",
    "30",
    "1",
    "0",
    "",
    "-",
    "150%",
    "-1",
    "x",
    "３０％",
    "1,5",
    "0.3 ",
    "7%",
    "0.07",
    "NaN",
]
DAYS = ["30", "4周", "30天", "20工作日", "", "11年", "10年", "4-6周", "2个月", "3650", "3651", "1.5周", "-3"]
CELLS = {
    "supplier": [*NAMES, "a\u202e", "\u200b丙", "=1+1", "00123", "a\tb"],
    "item": ["胶", "气", "片", "", "N/A", "NA"],
    "share": [*SHARES, "100", "1e2", "1e309", "10-20%", "约30%", "—", "NA", "12.5%", "99.99%", "1万%"],
    "spare": SHARES,
    "capacity": ["1,200", "1.2万", "5", "", "x", "1e16", "-1", "１２", "1e309", "1e15", "2亿", "1,20"],
    "lead_time_days": [*DAYS, "x", "0", "1 周"],
    "stock_days": [*DAYS, "1e308年"],
    "uscc": [CODE, OTHER_CODE, CODE.lower(), "123", "", "-", f"{CODE} ", f"{CODE[:17]}0"],
    "country": ["中国", "台湾", "火星", "", "JPN", "日本", "—"],
    "buyer": ["A", "B", "", "A "],
    "qualified": ["是", "no?", "认证中", "", "否", "YES", "in progress"],
    "province": ["江苏", "", "字" * 201, "a\x07", "NA", "未知"],
}  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_random_lists_are_read_as_the_rules_read_them_a_second_time(checked, seed):
    chance = random.Random(seed)
    for _ in range(LISTS):
        others = [name for name in FIELDS if name not in {"供应商", "物料", "份额", "份额(%)"}]
        header = ["供应商", "物料", *chance.sample(others, chance.randint(0, 6))]
        header += chance.choice([[], ["份额"], ["份额(%)"]])
        chance.shuffle(header)
        count = chance.randint(1, 16)
        rows = [[chance.choice(CELLS[FIELDS[name]]) for name in header] for _ in range(count)]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header, *rows])
        answer, (good, bad) = checked(text.getvalue()), read_rows(header, rows)
        if not good and not bad:
            assert answer["status"] == "reject"
            continue
        assert answer["status"] == ("accept_with_row_errors" if bad else "accept"), text.getvalue()
        found = {row["row"]: {name: row[name] for name in good.get(row["row"], {})} for row in answer["good"]}
        assert found == good, text.getvalue()
        wrong = {
            row["row"]: {row["field"], *(each["field"] for each in row["more"])} for row in answer["bad"]
        }
        assert wrong.keys() == bad.keys(), text.getvalue()
        assert all(wrong[number] == fields for number, fields in bad.items() if fields), text.getvalue()

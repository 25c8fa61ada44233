"""`lianwen import --map`, `--encoding`, `--separator`; what is remembered, listed and taken back."""

import json

import pytest

from tests.cli.test_import import answer_of, textbook, write  # noqa: F401

STRANGE = "厂家;东西;多少\nTokyo Resist;KrF光刻胶;70%\n江苏苏州胶业有限公司;KrF光刻胶;30%\n"
MAPS = ("--map", "供应商=厂家", "--map", "item=东西", "--map", "share=多少")


def test_without_words_a_list_of_unknown_headers_is_refused_as_ever(textbook, write):  # noqa: F811
    told = textbook("import", write(STRANGE), "--chain", "textbook", "--json", "--dry-run")
    assert (told.exit_code, answer_of(told)["code"]) == (1, "no-header")


def test_named_columns_are_read_remembered_listed_and_forgotten(textbook, write):  # noqa: F811
    path = write(STRANGE)
    done = answer_of(textbook("import", path, "--chain", "textbook", *MAPS, "--by", "王工", "--json"))
    assert done["upload"]["committed"] == 2
    assert [row["supplier_match"] for row in done["good"]] == ["name", "near"]
    again = write(STRANGE + "\n", "next.csv")
    told = answer_of(textbook("import", again, "--chain", "textbook", "--json", "--dry-run"))
    assert "王工" in told["warnings"][0]
    kept = json.loads(textbook("remembered", "--json").stdout)
    assert kept["columns"][0]["columns"] == [["supplier", "厂家"], ["item", "东西"], ["share", "多少"]]
    assert [name["target_id"] for name in kept["names"]] == ["C1"]
    assert textbook("forget", "columns", 1, "--by", "李工").exit_code == 0
    assert textbook("forget", "name", kept["names"][0]["number"], "--by", "李工").exit_code == 0
    assert json.loads(textbook("remembered", "--json").stdout) == {"names": [], "columns": []}
    assert len(json.loads(textbook("remembered", "--all", "--json").stdout)["columns"]) == 1
    told = textbook("import", again, "--chain", "textbook", "--json", "--dry-run")
    assert answer_of(told)["code"] == "no-header"


def test_a_named_encoding_and_separator_count(textbook, tmp_path):  # noqa: F811
    path = tmp_path / "list.csv"
    path.write_bytes("供應商|物料|份額\nTokyo Resist|KrF|70%\n".encode("big5"))
    words = ("import", path, "--chain", "textbook", "--dry-run", "--json", "--map", "supplier=供應商")
    told = answer_of(textbook(*words, "--encoding", "big5", "--separator", "bar"))
    assert (told["reading"]["separator"], told["counts"]["good"]) == ("|", 1)
    assert told["good"][0]["supplier_id"] == "J1"


@pytest.mark.parametrize(
    "words",
    [
        ("--map", "nothing=厂家"), ("--map", "supplier"), ("--encoding", "ebcdic"), ("--separator", "x"),
        ("--map", "item=东西", "--map", "item=厂家"), ("--map", "item=东西", "--map", "supplier=东西"),
    ],
)  # fmt: skip
def test_words_that_name_nothing_or_one_thing_twice_leave_with_2(textbook, write, words):  # noqa: F811
    assert textbook("import", write(STRANGE), "--chain", "textbook", *words).exit_code == 2

"""`lianwen ledger`: invoices to edges."""

import json

LINES = "销方名称,购方名称,开票日期,金额\n甲,乙,2025-01-01,10\n甲,乙,2025-05-01,-3\n甲,乙,坏,1\n"


def test_a_ledger_becomes_edges_and_each_row_is_accounted_for(lianwen, tmp_path):
    (tmp_path / "a.csv").write_text(LINES, encoding="gb18030")
    result = lianwen("ledger", tmp_path / "a.csv", "--out", tmp_path / "e.csv")
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "e.csv").read_text(encoding="utf-8") == "supplier,buyer,weight\n甲,乙,7.00\n"
    assert "共 3 行 = 可用 2 + 有误 1 + 不计入 0" in result.stderr
    assert "a.csv 第 4 行" in result.stderr


def test_a_period_and_json(lianwen, tmp_path):
    (tmp_path / "a.csv").write_text(LINES, encoding="utf-8")
    words = ("--from", "2025-01-01", "--to", "2025-03-31", "--json")
    result = lianwen("ledger", tmp_path / "a.csv", "--out", tmp_path / "e.parquet", *words)
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["left_out"] == {"bad-date": 1, "outside-period": 1}
    assert (told["good"], told["sums"]["edge"], told["edges"]) == (1, "10.00", 1)


def test_a_file_without_known_columns_is_refused_with_a_sentence(lianwen, tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    result = lianwen("ledger", tmp_path / "a.csv", "--out", tmp_path / "e.csv")
    assert result.exit_code == 1
    assert "--column" in result.stderr
    assert not (tmp_path / "e.csv").exists()


def test_a_column_can_be_named(lianwen, tmp_path):
    (tmp_path / "a.csv").write_text("x,y,z\nA,B,2\n", encoding="utf-8")
    named = [word for pair in ("supplier=x", "buyer=y", "amount=z") for word in ("--column", pair)]
    result = lianwen("ledger", tmp_path / "a.csv", "--out", tmp_path / "e.csv", *named)
    assert result.exit_code == 0, result.stderr

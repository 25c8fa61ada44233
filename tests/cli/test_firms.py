"""`lianwen firms`: bring in a network, compute it, list it."""

import json

import pytest


@pytest.fixture
def files(tmp_path):
    texts = {
        "edges": "supplier,buyer,weight\nA,B,10\nB,C,5\nC,A,1\nA,A,3\n",
        "firms": "id,sector,name\nA,s,甲厂\nB,s,乙厂\nC,t,丙厂\n",
        "essential": "sector,s,t\ns,2,2\nt,1,1\n",
    }
    words = []
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        words += [f"--{name}", tmp_path / f"{name}.csv"]
    return words


def test_a_network_is_brought_in_computed_listed_and_removed(lianwen, files):
    lianwen("init", "--empty")
    brought = lianwen("firms", "import", "--network", "net", *files, "--title", "试点网络")
    assert brought.exit_code == 0, brought.stderr
    assert "企业 3 家,往来 3 条,行业 2 个" in brought.stderr
    assert "self-loop" in brought.stderr
    none = lianwen("firms", "top")
    assert none.exit_code == 1
    assert "lianwen firms compute --network net" in none.stderr
    computed = lianwen("firms", "compute", "--eps", "0.001")
    assert computed.exit_code == 0, computed.stderr
    assert "首次体检" in computed.stderr
    listed = lianwen("firms", "top", "--format", "json")
    rows = json.loads(listed.stdout)
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert all(0 < row["esri"] <= 1 for row in rows)
    assert "不是概率" in listed.stderr
    assert json.loads(lianwen("firms", "alerts", "--format", "json").stdout) == []
    assert lianwen("firms", "remove", "net").exit_code == 0
    assert lianwen("firms", "top", "--network", "net").exit_code == 2


def test_bad_files_are_refused_with_counts_and_examples(lianwen, files, tmp_path):
    lianwen("init", "--empty")
    (tmp_path / "firms.csv").write_text("id,sector\nA,x\nB,s\nC,t\n", encoding="utf-8")
    result = lianwen("firms", "import", "--network", "net", *files)
    assert result.exit_code == 1
    assert "行业" in result.stderr

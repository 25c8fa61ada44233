"""`lianwen esri`: files in, one file out; what is wrong is counted and shown."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

ROOT = Path(__file__).resolve().parents[2]
FIRMS = "id,sector\nA,s1\nB,s2\nC,s3\nD,s3\n"
EDGES = "supplier,buyer,weight\nA,C,10\nB,C,30\nB,D,10\nC,D,40\n"
ESSENTIAL = "supplier,s1,s2,s3\ns1,0,0,2\ns2,0,0,1\ns3,0,0,1\n"


@pytest.fixture
def files(tmp_path):
    """Write the files of a network of four firms; gives the words that name them."""
    folder = tmp_path / "network"
    folder.mkdir()
    for name, text in (("edges", EDGES), ("firms", FIRMS), ("essential", ESSENTIAL)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def words(folder: Path, *more: str, out: str = "out.csv") -> list[str]:
    named = [f"--{name}={folder / name}.csv" for name in ("edges", "firms", "essential")]
    return ["esri", *named, f"--out={folder / out}", *more]


def rows(folder: Path, name: str = "out.csv") -> dict[str, dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        return {next(iter(row.values())): row for row in csv.DictReader(stream)}


def test_every_firm_gets_a_row_with_index_channels_and_sweeps(lianwen, files):
    result = lianwen(*words(files))
    assert result.exit_code == 0, result.stderr
    assert "企业 4 家,关系 4 条" in result.stderr
    found = rows(files)
    assert list(found) == ["A", "B", "C", "D"]
    assert list(found["A"]) == ["id", "esri", "esri_down", "esri_up", "sweeps"]
    # Worked by hand in tests/risk/test_cascade.py.
    assert float(found["A"]["esri"]) == pytest.approx((10 + 40) / 90, abs=1e-12)
    assert int(found["A"]["sweeps"]) == 3


def test_scenarios_take_the_place_of_single_failures(lianwen, files):
    (files / "shocks.csv").write_text("scenario,id,shock\nhalf,A,0.5\nboth,B,1\nboth,A,1\n", "utf-8")
    result = lianwen(*words(files, f"--shocks={files / 'shocks.csv'}", out="out.parquet"))
    assert result.exit_code == 0, result.stderr
    found = pl.read_parquet(files / "out.parquet")
    assert found.columns == ["scenario", "esri", "esri_down", "esri_up", "sweeps"]
    assert found["scenario"].to_list() == ["half", "both"]
    assert pl.read_parquet_metadata(files / "out.parquet")["eps"] == "0.01"


def test_what_was_dropped_is_counted_with_examples(lianwen, files):
    with (files / "edges.csv").open("a", encoding="utf-8") as stream:
        stream.write("A,A,7\nA,B,0\nA,C,0.0\n")
    result = lianwen(*words(files))
    assert result.exit_code == 0
    assert "1 条企业对自身的关系未计入;例如 A→A" in result.stderr
    assert "2 条金额为 0 的关系未计入;例如 A→B、A→C" in result.stderr


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("edges", EDGES + "A,X,1\nY,B,2\n", "1 条关系的采购方为空或不在企业名单中;例如 X"),
        ("edges", EDGES + "A,B,-1\n", "1 条关系的金额为负"),
        ("edges", EDGES + "A,B,NaN\nA,D,many\n", "2 条关系的金额不是数字"),
        ("edges", "supplier,buyer\nA,B\n", "缺少列 weight"),
        ("edges", "", "缺少列 supplier"),
        ("edges", "supplier,buyer,weight\n", "文件没有数据行"),
        ("firms", FIRMS + "E,s9\n", "1 家企业的行业在 essential.csv 中没有相应的行和列;请补上或更正;例如 s9"),
        ("firms", FIRMS + "A,s1\n", "1 行的企业编号重复"),
        ("essential", "supplier,s1,s2\ns1,0,0\ns2,0,0\n", "2 家企业的行业在 essential.csv 中没有"),
        ("essential", ESSENTIAL.replace("2\n", "3\n"), "关键性矩阵有 1 个单元格不是 0、1 或 2;例如 s1/s3=3"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(lianwen, files, file, text, said):
    (files / f"{file}.csv").write_text(text, encoding="utf-8")
    result = lianwen(*words(files))
    assert result.exit_code == 1
    assert said in result.stderr
    assert not (files / "out.csv").exists()


def test_a_file_that_is_not_there_is_named(lianwen, files):
    (files / "firms.csv").unlink()
    result = lianwen(*words(files))
    assert result.exit_code == 1
    assert "firms.csv" in result.stderr


@pytest.mark.parametrize(
    "option", ["--eps=-1", "--eps=nan", "--horizon-sweeps=0", "--workers=0", "--out=x.xlsx"]
)
def test_an_option_that_means_nothing_is_a_wrong_use(lianwen, files, option):
    assert lianwen(*words(files), option).exit_code == 2


def test_a_shock_outside_zero_to_one_or_of_an_unknown_firm_is_refused(lianwen, files):
    (files / "shocks.csv").write_text("scenario,id,shock\na,A,2\na,Z,1\nb,B,1\nb,B,0.5\n", "utf-8")
    result = lianwen(*words(files, f"--shocks={files / 'shocks.csv'}"))
    assert result.exit_code == 1
    assert "1 行的冲击不是 0 到 1 之间的数;例如 2" in result.stderr
    assert "1 行的企业不在企业名单中;例如 Z" in result.stderr
    assert "1 行在同一情景中重复了企业" in result.stderr


def test_an_address_where_no_scheduler_answers_is_said(lianwen, files, monkeypatch):
    monkeypatch.setattr("risk.cluster.WAIT_SECONDS", 0.5)
    result = lianwen(*words(files, "--cluster=tcp://127.0.0.1:9"))
    assert result.exit_code == 1
    assert "没有调度程序应答" in result.stderr


KEPT_BYTES = 2000
SLOW = ("--eps=1e-9", "--horizon-sweeps=60")


def write_network(folder: Path, *, firms: int, links: int) -> None:
    draw = np.random.default_rng(3)
    names = np.array([f"F{number:05}" for number in range(firms)])
    pl.DataFrame({"id": names, "sector": "s1"}).write_csv(folder / "firms.csv")
    pl.DataFrame(
        {
            "supplier": draw.choice(names, links),
            "buyer": draw.choice(names, links),
            "weight": draw.lognormal(0, 1, links),
        }
    ).write_csv(folder / "edges.csv")
    (folder / "essential.csv").write_text("supplier,s1\ns1,1\n", encoding="utf-8")


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end


@pytest.mark.parametrize(
    "stop", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.soak), signal.SIGKILL]
)
def test_a_stopped_computation_goes_on_to_the_same_bytes(home, files, lianwen, stop):
    write_network(files, firms=3000, links=30_000)
    command = [sys.executable, str(ROOT / "cli.py"), *words(files, *SLOW)]
    process = subprocess.Popen(command, env=dict(os.environ, LIANWEN_HOME=str(home)), stderr=subprocess.PIPE)
    kept = files / "out.csv.part"
    wait_for(lambda: process.poll() is not None or (kept.exists() and kept.stat().st_size > KEPT_BYTES))
    process.send_signal(stop)
    _, said = process.communicate(timeout=60)
    assert process.returncode != 0, "it was done before it could be stopped"
    assert not (files / "out.csv").exists()
    if stop is not signal.SIGKILL:
        assert "再次运行同一命令会接着计算" in said.decode()
    size = kept.stat().st_size
    assert lianwen(*words(files, *SLOW)).exit_code == 0
    assert size > KEPT_BYTES
    assert not kept.exists()
    assert lianwen(*words(files, *SLOW, out="straight.csv")).exit_code == 0
    assert (files / "out.csv").read_bytes() == (files / "straight.csv").read_bytes()

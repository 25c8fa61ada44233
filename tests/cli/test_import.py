"""`lianwen import`: what a list does on the command line."""

import json
from pathlib import Path

import pytest

from desk.import_files import kept_path
from settings import Settings

GOLDEN = Path(__file__).parents[1] / "golden" / "chains"
SAMPLES = Path(__file__).parents[2] / "data" / "examples" / "uploads"
LIST = "供应商名称,产品或物料,采购占比,库存天数\nTokyo Resist,KrF光刻胶,70%,10\n苏州胶业,KrF光刻胶,30%,20\n"
OPEN = LIST + "谁也不认识的厂,KrF光刻胶,,\n"


@pytest.fixture
def textbook(lianwen):
    """The command line over the worked example, not scored."""
    assert lianwen("init", "--empty").exit_code == 0
    assert lianwen("import-chain", GOLDEN / "textbook").exit_code == 0
    return lianwen


@pytest.fixture
def write(tmp_path):
    """Write a list to a file."""

    def to_file(text, name="list.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


def answer_of(result):
    return json.loads(result.stdout)


def test_a_list_is_stored_and_a_run_is_queued(textbook, write, home):
    path = write(LIST)
    done = textbook("import", path, "--chain", "textbook", "--buyer", "Wuxi Fab", "--by", "王工")
    assert done.exit_code == 0, done.stderr
    assert "上传 #1 已导入 2 行;运行 #1、#2 已排队" in done.stderr
    (kept,) = (home / "var" / "uploads").iterdir()
    assert kept.read_bytes() == path.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept_path(Settings(home=home), kept.name) == kept


def test_json_stands_alone_on_stdout_and_says_what_was_stored(textbook, write):
    done = textbook("import", write(LIST), "--chain", "textbook", "--buyer", "Wuxi Fab", "--json")
    answer = answer_of(done)
    assert (done.exit_code, answer["status"]) == (0, "accept")
    assert answer["upload"] == {
        "upload_id": 1, "state": "committed", "committed": 2, "waiting": 0, "bad": 0, "run_ids": [1, 2],
    }  # fmt: skip
    row = answer["good"][0]
    assert (row["row"], row["supplier_id"], row["supplier_status"]) == (2, "J1", "exact")
    assert (row["share"], row["stock_days"], row["capacity"], row["buyer"]) == (0.7, 10.0, None, "Wuxi Fab")


def test_a_second_try_is_refused_and_says_by_whom(textbook, write):
    words = ("import", write(LIST), "--chain", "textbook", "--buyer", "Wuxi Fab", "--by", "王工")
    textbook(*words)
    again = textbook(*words, "--json")
    assert (again.exit_code, answer_of(again)["status"]) == (1, "reject")
    assert "王工" in answer_of(again)["message"]


def test_an_unplaced_name_keeps_the_whole_list_waiting_unless_partial(textbook, write):
    words = ("import", write(OPEN), "--chain", "textbook", "--buyer", "Wuxi Fab", "--json")
    held = answer_of(textbook(*words))
    assert (held["status"], held["upload"]["state"], held["upload"]["waiting"]) == ("accept", "waiting", 3)
    part = answer_of(textbook(*words, "--partial"))
    assert (part["upload"]["committed"], part["upload"]["waiting"]) == (2, 1)


def test_a_dry_run_tells_the_effect_and_stores_nothing(textbook, write, home):
    told = textbook("import", write(LIST), "--chain", "textbook", "--buyer", "Wuxi Fab", "--dry-run")
    assert told.exit_code == 0
    assert "level_before" in told.stdout
    assert "JGROUP" in told.stdout
    assert not (home / "var" / "uploads").exists()
    again = textbook("import", write(LIST), "--chain", "textbook", "--buyer", "Wuxi Fab", "--json")
    assert answer_of(again)["upload"]["upload_id"] == 1


def test_a_dry_run_needs_no_database_and_makes_none(lianwen, home):
    told = lianwen("import", SAMPLES / "list-english.csv", "--chain", "ic", "--dry-run", "--json")
    assert told.exit_code == 0
    assert answer_of(told)["good"][0]["item_id"] == "IC-N31"
    assert not (home / "var" / "lianwen.db").exists()


def test_a_file_that_is_not_there_is_wrong_usage(lianwen):
    told = lianwen("import", "none.csv", "--chain", "ic", "--dry-run", "--json")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "none.csv" in told.stderr


def test_without_a_database_an_import_says_what_to_do(lianwen):
    told = lianwen("import", SAMPLES / "list-english.csv", "--chain", "ic")
    assert told.exit_code == 1
    assert "lianwen init" in told.stderr


def test_a_refused_file_leaves_with_1_and_one_sentence(textbook, write):
    told = textbook("import", write("a,b\n1,2\n"), "--chain", "textbook", "--json")
    assert (told.exit_code, answer_of(told)["status"], answer_of(told)["good"]) == (1, "reject", [])
    assert "表头" in answer_of(told)["message"]


@pytest.mark.parametrize("words", [("--chain", "nope"), ("--chain", "textbook", "--makes", "没有的物料")])
def test_words_that_name_nothing_leave_with_2(textbook, write, words):
    assert textbook("import", write(LIST), *words).exit_code == 2


def test_a_new_buyer_is_asked_what_it_makes(textbook, write):
    path = write(LIST)
    idle = textbook("import", path, "--chain", "textbook", "--buyer", "某某新厂", "--dry-run")
    assert "该企业生产什么" in idle.stderr
    done = answer_of(
        textbook(
            "import", path, "--chain", "textbook", "--buyer", "某某新厂", "--makes", "晶圆制造", "--json"
        )
    )
    assert done["upload"]["run_ids"] == [1, 2]
    assert not [each for each in done["warnings"] if "该企业生产什么" in each]


def test_the_name_of_an_upload_is_never_a_path(textbook, write, home):
    done = textbook(
        "import", write(LIST), "--chain", "textbook", "--buyer", "Wuxi Fab", "--name", "../../../etc/x.csv"
    )
    assert done.exit_code == 0
    assert [len(path.name) for path in (home / "var" / "uploads").iterdir()] == [64]

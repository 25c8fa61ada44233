"""What init, check and import-chain let in, and what they refuse."""

import shutil
from pathlib import Path

from sqlalchemy import create_engine, text

GOLDEN = Path(__file__).parents[1] / "golden" / "chains"


def loaded_chains(home):
    engine = create_engine(f"sqlite:///{home}/var/lianwen.db")
    with engine.connect() as connection:
        return {
            row[0]
            for row in connection.execute(text("SELECT chain_id FROM chain WHERE superseded_at IS NULL"))
        }


def count(home, table):
    engine = create_engine(f"sqlite:///{home}/var/lianwen.db")
    with engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608


def test_init_loads_the_shipped_chains_and_the_register_once_however_often_it_is_called(lianwen, home):
    first = lianwen("init")
    assert first.exit_code == 0, first.stderr
    before = (count(home, "chain_load"), count(home, "supply"), count(home, "bottleneck"))
    assert lianwen("init").exit_code == 0
    assert loaded_chains(home) == {"ic", "pv", "autochip"}
    assert (count(home, "chain_load"), count(home, "supply"), count(home, "bottleneck")) == before
    assert before[2] == 278


def test_init_without_ic_takes_the_non_commercial_chain_out_and_the_next_init_brings_it_back(lianwen, home):
    assert lianwen("init").exit_code == 0
    assert lianwen("init", "--without", "ic").exit_code == 0
    assert loaded_chains(home) == {"pv", "autochip"}
    assert lianwen("init").exit_code == 0
    assert loaded_chains(home) == {"ic", "pv", "autochip"}


def test_a_fresh_database_without_ic_still_holds_the_whole_register(lianwen, home):
    assert lianwen("init", "--without", "ic").exit_code == 0
    assert loaded_chains(home) == {"pv", "autochip"}
    assert count(home, "bottleneck") == 278


def test_init_without_a_chain_that_is_not_shipped_names_the_near_ones(lianwen):
    result = lianwen("init", "--without", "autochips")
    assert result.exit_code == 2
    assert "autochip" in result.stderr


def test_init_empty_loads_nothing(lianwen, home):
    assert lianwen("init", "--empty").exit_code == 0
    assert loaded_chains(home) == set()


def test_what_the_program_writes_is_readable_by_its_owner_only(lianwen, home):
    lianwen("init", "--empty")
    assert (home / "var").stat().st_mode & 0o777 == 0o700


def test_the_shipped_data_has_no_errors(lianwen):
    result = lianwen("check")
    assert result.exit_code == 0, result.stdout
    assert "错误:" not in result.stdout


def test_check_names_file_and_row_of_a_problem_and_exits_with_1(lianwen, small_chain):
    with (small_chain / "links.csv").open("a", encoding="utf-8") as links:
        links.write("RESIN,PANEL,input_of\n")
    result = lianwen("check", small_chain)
    assert result.exit_code == 1
    assert "mini/links.csv 第 3 行" in result.stdout
    assert "RESIN" in result.stdout


def test_who_asks_for_english_gets_problems_and_errors_in_english(lianwen, small_chain, monkeypatch):
    with (small_chain / "links.csv").open("a", encoding="utf-8") as links:
        links.write("RESIN,PANEL,input_of\n")
    assert "item RESIN is not in items.csv; add it" not in lianwen("check", small_chain).stdout
    assert "还没有建表" in lianwen("scores", "--chain", "ic").stderr
    monkeypatch.setenv("LIANWEN_LANGUAGE", "en")
    assert (
        "error: mini/links.csv row 3: item RESIN is not in items.csv" in lianwen("check", small_chain).stdout
    )
    assert "its tables are missing" in lianwen("scores", "--chain", "ic").stderr


def test_check_of_a_folder_without_chains_is_an_error(lianwen, tmp_path):
    assert lianwen("check", tmp_path / "nowhere").exit_code == 1


def test_a_chain_with_an_error_is_refused_with_all_its_problems_and_nothing_is_stored(
    lianwen, home, small_chain
):
    lianwen("init", "--empty")
    (small_chain / "supplies.csv").write_text(
        "supplier_id,item_id,share\nACME,GLUE,60\nNOBODY,GLUE,0.1\n", encoding="utf-8"
    )
    result = lianwen("import-chain", small_chain)
    assert result.exit_code == 1
    assert "mini/supplies.csv 第 2 行" in result.stderr
    assert "mini/supplies.csv 第 3 行" in result.stderr
    assert loaded_chains(home) == set()


def test_two_chains_whose_rows_disagree_are_refused_naming_both_files(lianwen, home, small_chain, tmp_path):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    other = tmp_path / "other"
    shutil.copytree(small_chain, other)
    items = (other / "items.csv").read_text(encoding="utf-8")
    (other / "items.csv").write_text(items.replace("material", "component"), encoding="utf-8")
    result = lianwen("import-chain", other)
    assert result.exit_code == 1
    assert "mini/items.csv 第 2 行" in result.stderr
    assert "other/items.csv 第 2 行" in result.stderr
    assert loaded_chains(home) == {"mini"}


def test_importing_a_folder_again_replaces_its_facts_and_keeps_their_history(lianwen, home, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    (small_chain / "supplies.csv").write_text("supplier_id,item_id,share\nACME,GLUE,0.3\n", encoding="utf-8")
    assert lianwen("import-chain", small_chain).exit_code == 0
    engine = create_engine(f"sqlite:///{home}/var/lianwen.db")
    with engine.connect() as connection:
        shares = connection.execute(text("SELECT share, superseded_at IS NULL FROM supply ORDER BY id")).all()
    assert [tuple(row) for row in shares] == [(0.6, 0), (0.3, 1)]


def test_a_chain_imported_under_a_shipped_id_stays_when_init_is_repeated(lianwen, home, small_chain):
    own = small_chain.rename(small_chain.parent / "pv")
    assert lianwen("init", "--without", "pv").exit_code == 0
    assert lianwen("import-chain", own).exit_code == 0
    assert lianwen("init").exit_code == 0
    engine = create_engine(f"sqlite:///{home}/var/lianwen.db")
    with engine.connect() as connection:
        items = connection.execute(
            text("SELECT count(*) FROM item WHERE chain_id = 'pv' AND superseded_at IS NULL")
        ).scalar_one()
    assert items == 2


def test_importing_a_folder_that_does_not_exist_is_one_sentence(lianwen, tmp_path):
    lianwen("init", "--empty")
    result = lianwen("import-chain", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_a_command_before_init_says_to_run_init(lianwen):
    result = lianwen("scores", "--chain", "ic")
    assert result.exit_code == 1
    assert "lianwen init" in result.stderr

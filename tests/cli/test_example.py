"""The example through the commands."""

from sqlalchemy import create_engine, text


def test_the_example_is_loaded_computed_shown_marked_and_removed(lianwen):
    assert lianwen("init", "--empty").exit_code == 0
    loaded = lianwen("example", "load")
    assert loaded.exit_code == 0
    assert "虚构" in loaded.stderr
    assert lianwen("recompute", "--chain", "demo", "--perspective", "world").exit_code == 0
    firms = lianwen("scores", "--chain", "demo", "--scope", "supplier", "--format", "csv")
    assert firms.exit_code == 0
    assert all("demo-" in line for line in firms.stdout.splitlines()[1:])
    assert lianwen("example", "remove").exit_code == 0
    assert lianwen("scores", "--chain", "demo").exit_code != 0
    assert "没有装入" in lianwen("example", "remove").stderr


def test_loading_the_example_into_a_database_without_tables_names_the_remedy(lianwen):
    result = lianwen("example", "load")
    assert result.exit_code == 1
    assert "lianwen init" in result.stderr


def test_removing_the_example_keeps_its_rows_as_history(lianwen, home):
    lianwen("init", "--empty")
    lianwen("example", "load")
    lianwen("example", "remove")
    engine = create_engine(f"sqlite:///{home}/var/lianwen.db")
    with engine.connect() as connection:
        held = connection.execute(text("SELECT count(*), count(superseded_at) FROM purchase")).one()
    assert held[0] == held[1] > 0

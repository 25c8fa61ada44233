import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from settings import CHECKOUT, VERSION, code_version, hide_password, load_settings, prepare_environment


def test_one_variable_moves_everything_the_program_writes(home: Path):
    settings = load_settings()
    assert settings.var_dir == home / "var"
    assert settings.numba_cache_dir.parent == home / "var" / "numba-cache"
    assert settings.database_url == f"sqlite:///{home}/var/lianwen.db"


def test_shipped_data_stay_beside_settings_wherever_home_is():
    assert load_settings().data_dir == CHECKOUT / "data"


def test_the_language_is_chinese_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch):
    assert load_settings().language == "zh"
    monkeypatch.setenv("LIANWEN_LANGUAGE", "en")
    assert load_settings().language == "en"


def test_home_may_be_countries_or_provinces(monkeypatch: pytest.MonkeyPatch):
    assert load_settings().home_regions == ("CHN",)
    monkeypatch.setenv("LIANWEN_HOME_REGION", "CHN/江苏, CHN/浙江,CHN/江苏")
    assert load_settings().home_regions == ("CHN/江苏", "CHN/浙江")
    monkeypatch.setenv("LIANWEN_HOME_REGION", "China")
    with pytest.raises(ValidationError):
        load_settings()


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LIANWEN_DATABASE_URL", "")
    monkeypatch.setenv("LIANWEN_PORT", "")
    assert load_settings().database_url.startswith("sqlite:///")
    assert load_settings().port == 8501


def test_a_relative_home_does_not_move_with_the_working_directory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LIANWEN_HOME", "somewhere")
    assert load_settings().home == Path.cwd() / "somewhere"


@pytest.mark.parametrize("port", ["0", "65536", "web"])
def test_a_port_outside_the_range_is_refused(monkeypatch: pytest.MonkeyPatch, port: str):
    monkeypatch.setenv("LIANWEN_PORT", port)
    with pytest.raises(ValidationError, match="port"):
        load_settings()


def test_settings_do_not_change_once_read():
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().port = 1


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ada:geheim@db.local/lianwen",
        "postgresql+psycopg://ada:ge@geheim/x@db.local:5432/lianwen",
        "postgresql+psycopg://db.local/lianwen?user=ada&password=geheim",
        "geheim",
    ],
)
def test_a_database_password_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch, url: str):
    monkeypatch.setenv("LIANWEN_DATABASE_URL", url)
    settings = load_settings()
    assert settings.database_url == url
    assert "geheim" not in settings.database_label
    assert "geheim" not in repr(settings)
    assert "geheim" not in str(settings)


def test_a_label_keeps_what_tells_two_databases_apart():
    assert (
        hide_password("postgresql+psycopg://ada:x@db:5432/lianwen")
        == "postgresql+psycopg://ada@db:5432/lianwen"
    )


def test_only_the_owner_may_look_into_var(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    prepare_environment(load_settings())
    prepare_environment(load_settings())
    assert stat.S_IMODE((home / "var").stat().st_mode) == 0o700
    assert Path(os.environ["NUMBA_CACHE_DIR"]).parent == home / "var" / "numba-cache"


def test_numba_keeps_compiled_code_where_settings_say(home: Path):
    code = (
        "import settings; s = settings.load_settings(); settings.prepare_environment(s);"
        "import numba; print(numba.config.CACHE_DIR)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert Path(answer.stdout.strip()).parent == home / "var" / "numba-cache"


def test_a_checkout_that_cannot_be_written_sends_var_to_the_users_data_folder(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delenv("LIANWEN_HOME")
    assert load_settings().home == CHECKOUT
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert load_settings().home.name == "lianwen"
    assert load_settings().home != CHECKOUT


def test_the_code_version_begins_with_the_version_and_never_fails(monkeypatch: pytest.MonkeyPatch):
    assert code_version().startswith(VERSION)
    monkeypatch.setenv("PATH", "")
    assert code_version() == VERSION

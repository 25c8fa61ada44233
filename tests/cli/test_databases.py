"""The commands on both databases, chosen by URL."""

from pathlib import Path

from typer.testing import CliRunner

from cli import app

GOLDEN = Path(__file__).parents[1] / "golden" / "chains"


def test_a_chain_scored_on_either_database_gives_the_same_bytes(bare_url, scored, monkeypatch):
    monkeypatch.setenv("LIANWEN_DATABASE_URL", bare_url)
    for words in (
        ["init", "--empty"],
        ["import-chain", str(GOLDEN / "fabs")],
        ["recompute", "--perspective", "world"],
    ):
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.stderr
    answer = CliRunner().invoke(app, ["scores", "--chain", "fabs", "--format", "csv"])
    monkeypatch.delenv("LIANWEN_DATABASE_URL")
    assert answer.stdout_bytes == scored("fabs")("scores", "--chain", "fabs", "--format", "csv").stdout_bytes

"""The bootstrap, run for real with a stand-in interpreter that answers in milliseconds."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ("cat", "cksum", "cp", "dirname", "make", "mkdir", "rm", "sh", "tr")
NOBODY = 65534
STAND_IN = """#!/bin/sh
echo "$@" >> "$FAKE_LOG"
case "$*" in
    "-c import sys;"*) [ -n "$FAKE_VERSION" ] || exit 127; echo "$FAKE_VERSION" ;;
    "-c import venv"*) [ "$FAKE_FAILS" != ensurepip ] || exit 1 ;;
    "-m venv"*) [ "$FAKE_FAILS" != venv ] || exit 1; mkdir -p .venv/bin; cp "$FAKE_PYTHON" .venv/bin/python ;;
    "-m pip"*) [ "$FAKE_FAILS" != pip ] || { echo "no matching distribution" >&2; exit 1; } ;;
esac
"""


@dataclass(frozen=True)
class Checkout:
    """A copy of what the bootstrap reads, and the PATH it sees."""

    folder: Path
    tools: Path

    def bootstrap(
        self, kind: str = "run", *, version: str = "3 11", fails: str = "", user: int | None = None
    ):
        """Run the script; ``version`` is what the interpreter says it is, ``fails`` the step that breaks."""
        environment = {
            "PATH": str(self.tools),
            "FAKE_LOG": str(self.tools / "calls"),
            "FAKE_PYTHON": str(self.tools / "python3"),
            "FAKE_VERSION": version,
            "FAKE_FAILS": fails,
        }
        command = ["sh", str(self.folder / "scripts" / "bootstrap.sh"), kind]
        return subprocess.run(
            command, env=environment, cwd="/", capture_output=True, text=True, check=False, user=user
        )

    def calls(self, of: str) -> int:
        """Count how often the interpreter was asked to do something, and forget it."""
        log = self.tools / "calls"
        count = sum(line.startswith(of) for line in log.read_text().splitlines()) if log.exists() else 0
        log.unlink(missing_ok=True)
        return count


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Lay out a checkout below a folder with a blank."""
    folder = tmp_path / "a b" / "链稳"
    (folder / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "bootstrap.sh", folder / "scripts")
    for name in ("pyproject.toml", "requirements.lock", "requirements-test.lock"):
        shutil.copy(ROOT / name, folder)
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            (tools / tool).symlink_to(found)
    (tools / "python3").write_text(STAND_IN)
    (tools / "python3").chmod(0o755)
    return Checkout(folder, tools)


def assert_one_sentence_each(answer: subprocess.CompletedProcess[str], chinese: str, english: str) -> None:
    """Expect exit 1 with one Chinese and one English sentence last, and no traceback."""
    assert answer.returncode == 1
    assert answer.stdout == ""
    *_, first, second = answer.stderr.splitlines()
    assert chinese in first
    assert first.endswith("。")
    assert english in second
    assert second.endswith(".")
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("version", "shown"), [("2 7", "2.7"), ("3 10", "3.10"), ("3 15", "3.15"), ("4 0", "4.0")]
)
def test_a_python_too_old_or_too_new_is_named_with_what_is_needed(
    checkout: Checkout, version: str, shown: str
):
    answer = checkout.bootstrap(version=version)
    assert_one_sentence_each(
        answer, f"找到的 Python 是 {shown}", f"found is {shown}, this program needs 3.11 to 3.14"
    )
    assert len(answer.stderr.splitlines()) == 2
    assert not (checkout.folder / ".venv").exists()


@pytest.mark.parametrize("version", ["3 11", "3 12", "3 13", "3 14"])
def test_every_python_from_3_11_to_3_14_is_taken(checkout: Checkout, version: str):
    assert checkout.bootstrap(version=version).returncode == 0


def test_the_bounds_are_those_of_the_project(checkout: Checkout):
    assert 'requires-python = ">=3.11,<3.15"' in (checkout.folder / "pyproject.toml").read_text()


def test_a_better_python_further_down_the_path_is_found(checkout: Checkout):
    good = checkout.tools / "python3.12"
    good.write_text(STAND_IN.replace("$FAKE_VERSION", "3 12"))
    good.chmod(0o755)
    (checkout.tools / "python3").write_text("#!/bin/sh\nexit 127\n")
    answer = checkout.bootstrap()
    # The environment is a copy of the broken stand-in, so the install fails: the choice is what counts here.
    assert "Python" not in answer.stderr.splitlines()[0]
    assert checkout.calls("-m venv") == 1


@pytest.mark.parametrize("broken", [True, False])
def test_no_python_at_all_is_one_sentence(checkout: Checkout, *, broken: bool):
    if not broken:
        (checkout.tools / "python3").unlink()
    answer = checkout.bootstrap(version="")
    assert_one_sentence_each(answer, "没有找到 Python", "install Python 3.11 to 3.14")


def test_a_missing_venv_module_is_one_sentence(checkout: Checkout):
    answer = checkout.bootstrap(fails="ensurepip")
    assert_one_sentence_each(answer, "缺少 venv 模块", "has no venv module")
    assert len(answer.stderr.splitlines()) == 2


def test_an_environment_that_cannot_be_made_is_one_sentence(checkout: Checkout):
    assert_one_sentence_each(checkout.bootstrap(fails="venv"), "无法创建", "check the disk space")


def test_a_failed_install_says_where_to_look_and_the_next_call_goes_on(checkout: Checkout):
    answer = checkout.bootstrap(fails="pip")
    assert "no matching distribution" in answer.stderr
    assert_one_sentence_each(answer, "依赖安装失败", "check the network")
    checkout.calls("")
    assert checkout.bootstrap().returncode == 0
    assert checkout.calls("-m venv") == 0


@pytest.fixture
def read_only(checkout: Checkout) -> Iterator[Checkout]:
    """Move the checkout where any user may read it and nobody may write."""
    base = Path(tempfile.mkdtemp(prefix="lianwen read only "))
    shutil.copytree(checkout.folder, base / "x")
    shutil.copytree(checkout.tools, base / "tools", symlinks=True)
    base.chmod(0o755)
    (base / "x").chmod(0o555)
    yield Checkout(base / "x", base / "tools")
    (base / "x").chmod(0o755)
    shutil.rmtree(base)


def test_a_folder_without_write_permission_is_one_sentence(read_only: Checkout):
    answer = read_only.bootstrap(user=NOBODY if os.geteuid() == 0 else None)
    assert_one_sentence_each(answer, "没有写入", "No permission to write")


def test_an_installed_checkout_runs_without_write_permission(read_only: Checkout):
    (read_only.folder).chmod(0o755)
    assert read_only.bootstrap().returncode == 0
    (read_only.folder).chmod(0o555)
    assert read_only.bootstrap(user=NOBODY if os.geteuid() == 0 else None).returncode == 0


def test_the_second_call_installs_nothing_and_says_nothing(checkout: Checkout):
    assert checkout.bootstrap().returncode == 0
    assert checkout.calls("-m pip") == 2
    again = checkout.bootstrap()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert checkout.calls("-m") == 0


def test_a_changed_lock_installs_again_into_the_same_environment(checkout: Checkout):
    checkout.bootstrap()
    checkout.calls("")
    with (checkout.folder / "requirements.lock").open("a") as lock:
        lock.write("# renewed\n")
    checkout.bootstrap()
    assert "-m venv" not in (checkout.tools / "calls").read_text()
    assert checkout.calls("-m pip") == 2


def test_a_moved_checkout_makes_its_environment_anew(checkout: Checkout):
    checkout.bootstrap()
    checkout.calls("")
    moved = Checkout(checkout.folder.with_name("moved away"), checkout.tools)
    checkout.folder.rename(moved.folder)
    assert moved.bootstrap().returncode == 0
    assert moved.calls("-m venv") == 1


def test_the_test_environment_also_serves_the_program_but_not_the_other_way_round(checkout: Checkout):
    checkout.bootstrap("run")
    checkout.calls("")
    checkout.bootstrap("test")
    assert checkout.calls("-m pip") == 2
    checkout.bootstrap("run")
    assert checkout.calls("-m pip") == 0


def test_hash_mode_comes_first_and_the_project_second(checkout: Checkout):
    checkout.bootstrap()
    pip = [line for line in (checkout.tools / "calls").read_text().splitlines() if line.startswith("-m pip")]
    assert "--require-hashes -r requirements.lock" in pip[0]
    assert pip[1].endswith("--no-deps --no-build-isolation -e .")

import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-test.lock")
# Written in halves, so that this file does not match itself.
REGISTRIES = ("pypi" + ".org", "python" + "hosted", "npm" + "js.", "deb.debian" + ".org", "/sim" + "ple/")
MACHINE_PATH = re.compile(r"(?<![\w.\-/*~}])/(?:home|root|work|Users)/\w")
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".lock",
    ".csv",
    ".yaml",
    ".yml",
    ".sh",
    ".ini",
    ".json",
    ".po",
    ".txt",
    ".mako",
    "",
}


def requirements(lock: str) -> dict[str, str]:
    """Split a lock into its requirements: name with version and marker -> its lines."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / lock).read_text(), flags=re.MULTILINE)
    blocks = re.split(r"\n(?=\S)", text.strip())
    return {block.partition(" \\")[0].strip(): block for block in blocks}


def tracked_files() -> list[Path]:
    """List what git holds; a folder that is no checkout has no answer."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in answer.stdout.split("\0") if name]


def tracked_texts() -> list[tuple[str, str]]:
    """Read every tracked text file that is still there."""
    files = [file for file in tracked_files() if file.suffix in TEXT and file.is_file()]
    # Sample uploads are kept in the encodings that officers send; a path or host name is ASCII in all.
    return [
        (str(file.relative_to(ROOT)), file.read_text(encoding="utf-8", errors="replace")) for file in files
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_carries_a_hash(lock: str):
    pinned = requirements(lock)
    assert len(pinned) > 30
    for name, block in pinned.items():
        assert re.match(r"[a-z0-9-]+==\S+", name), name
        assert "--hash=sha256:" in block, name


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_no_registry_and_no_local_path(lock: str):
    text = (ROOT / lock).read_text()
    assert not re.search(
        r"https?://|file:|--(extra-)?index|--find-links| @ |^/|^-e", text, flags=re.MULTILINE
    )


def test_the_test_lock_holds_the_run_lock_pin_for_pin():
    run, test = (requirements(lock) for lock in LOCKS)
    assert set(run) <= set(test)


def test_every_main_dependency_is_in_the_run_lock_and_so_are_the_build_tools():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[\[><=,]", name)[0] for name in project["dependencies"]} | {"hatchling", "editables"}
    assert wanted <= {name.partition("==")[0] for name in requirements("requirements.lock")}


def test_no_tracked_file_names_a_registry_or_a_path_of_one_machine():
    found = [
        (name, word)
        for name, text in tracked_texts()
        for word in [*(host for host in REGISTRIES if host in text), *MACHINE_PATH.findall(text)]
    ]
    assert found == []


def test_neither_database_nor_environment_nor_uv_lock_is_tracked():
    names = {file.name for file in tracked_files()}
    assert "uv.lock" not in names
    assert not [name for name in names if name.endswith((".db", ".nbi", ".nbc", ".pyc"))]


def loaded_by_help(arguments: str) -> set[str]:
    """Run the command line in a fresh interpreter and tell the top-level modules it imported."""
    code = (
        f"import sys; sys.argv = {arguments.split()!r}\n"
        "from cli import main\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(answer.stdout.rpartition("LOADED")[2].split())


def test_help_imports_no_heavy_library():
    assert (
        loaded_by_help("lianwen --help") & {"streamlit", "pandas", "polars", "numba", "scipy", "networkx"}
        == set()
    )


def test_help_of_a_command_imports_no_heavy_library():
    assert loaded_by_help("lianwen scores --help") & {"streamlit", "pandas", "numba"} == set()


def test_the_installed_command_answers_from_any_folder(
    tmp_path: Path, record_property: Callable[[str, object], None]
):
    started = time.perf_counter()
    answer = subprocess.run(
        [str(Path(sys.executable).with_name("lianwen")), "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    record_property("help_seconds", round(time.perf_counter() - started, 2))
    assert "recompute" in answer.stdout

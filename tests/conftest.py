"""What every test shares: a home of its own, one cache of compiled kernels, hypothesis profiles."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# Set while pytest collects, before any test module imports numba or reads the settings: nothing a test
# does may reach the officer's own database, and every worker shares one cache of compiled kernels.
for name in [name for name in os.environ if name.startswith("LIANWEN_")]:
    if name not in {"LIANWEN_REQUIRE_BROWSER", "LIANWEN_SOAK"}:
        del os.environ[name]
SESSION_HOME = tempfile.mkdtemp(prefix="lianwen-tests-")
atexit.register(shutil.rmtree, SESSION_HOME, ignore_errors=True)
os.environ["LIANWEN_HOME"] = SESSION_HOME
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / "var" / "test-numba-cache"))

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=50, deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "soak", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a ``LIANWEN_HOME`` of its own; programs that it starts inherit it."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("LIANWEN_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def soak_rounds() -> int:
    """Say how often a soak test repeats: 200 in full, 10 where ``LIANWEN_SOAK=reduced`` (the gate)."""
    return 10 if os.environ.get("LIANWEN_SOAK") == "reduced" else 200


@pytest.fixture(scope="session")
def defaults():
    """The defaults as shipped."""
    from chains.defaults import load_defaults

    return load_defaults(ROOT / "data" / "defaults.toml")


@pytest.fixture(scope="session")
def levels():
    """The levels of the world view as shipped."""
    from risk.levels import load_levels

    return load_levels(ROOT / "data" / "levels.toml")

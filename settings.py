"""The only reader of the environment: where things live and which language is spoken."""

import hashlib
import os
import re
import subprocess
from pathlib import Path
from typing import Final, Literal

import platformdirs
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

VERSION: Final = "0.1.0"
CHECKOUT: Final = Path(__file__).resolve().parent


def default_home() -> Path:
    """Tell where ``var/`` is made when ``LIANWEN_HOME`` says nothing.

    Returns
    -------
    Path
        The checkout when it is writable, else the user's data folder.
    """
    if os.access(CHECKOUT, os.W_OK):
        return CHECKOUT
    return platformdirs.user_data_path("lianwen", appauthor=False)


def default_database_url(home: Path) -> str:
    """Return the SQLAlchemy URL of the SQLite file in ``var/`` below a home folder.

    Examples
    --------
    >>> default_database_url(Path("/srv/lianwen"))
    'sqlite:////srv/lianwen/var/lianwen.db'
    """
    return f"sqlite:///{(home / 'var' / 'lianwen.db').as_posix()}"


class Settings(BaseSettings):
    """What the environment says, read once and then passed down as values.

    Attributes
    ----------
    home
        ``LIANWEN_HOME``: the folder in which ``var/`` is made.
    database_url
        ``LIANWEN_DATABASE_URL``: the SQLAlchemy URL to connect to, by default SQLite in ``var/``.
        It may hold a password: show `database_label` instead.
    language
        ``LIANWEN_LANGUAGE``: the language a session starts with.
    port
        ``LIANWEN_PORT``: the first port that ``lianwen serve`` tries, 1 to 65535.
    home_region
        ``LIANWEN_HOME_REGION``: what home is where home's loss is measured: countries as ``CHN`` or provinces
        as ``CHN/江苏``, separated by commas.
    data_dir
        The shipped, read-only ``data/`` beside this file.

    Notes
    -----
    The folder ``var/`` and the default of `database_url` follow from `home`, so one variable moves
    everything the program writes.
    """

    model_config = SettingsConfigDict(
        env_prefix="LIANWEN_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    home: Path = Field(default_factory=default_home)
    database_url: str = Field(default_factory=lambda known: default_database_url(known["home"]), repr=False)
    language: Literal["zh", "en"] = "zh"
    port: int = Field(default=8501, ge=1, le=65535)
    home_region: str = "CHN"
    data_dir: Path = CHECKOUT / "data"

    @field_validator("home", "data_dir")
    @classmethod
    def _make_absolute(cls, folder: Path) -> Path:
        # A relative folder would move with the working directory of whoever starts the program.
        return folder.expanduser().absolute()

    @field_validator("home_region")
    @classmethod
    def _check_home(cls, text: str) -> str:
        if not all(re.fullmatch(r"[A-Z]{3}(/[^,/]+)?", word.strip()) for word in text.split(",")):
            raise ValueError(
                f"看不懂 {text!r};请写国家如 CHN,或省份如 CHN/江苏,多个用逗号分隔 (write CHN, or CHN/江苏)"
            )
        return text

    @property
    def home_regions(self) -> tuple[str, ...]:
        """The countries and provinces of `home_region`, each once."""
        return tuple(dict.fromkeys(word.strip() for word in self.home_region.split(",")))

    @property
    def var_dir(self) -> Path:
        """The folder of everything the program writes: database, logs, compiled code."""
        return self.home / "var"

    @property
    def numba_cache_dir(self) -> Path:
        """The folder in which compiled kernels are kept between runs, one for each state of their source."""
        # numba looks at the file of a function only, not at the files of those it calls.
        source = b"".join(file.read_bytes() for file in sorted((CHECKOUT / "risk" / "kernels").glob("*.py")))
        return self.var_dir / "numba-cache" / hashlib.sha256(source).hexdigest()[:12]

    @property
    def database_label(self) -> str:
        """The database in words fit for a screen or a log, the password and options left out.

        Examples
        --------
        >>> Settings(
        ...     database_url="postgresql+psycopg://ada:secret@db.local/lianwen?sslmode=require"
        ... ).database_label
        'postgresql+psycopg://ada@db.local/lianwen'
        """
        return hide_password(self.database_url)


def hide_password(database_url: str) -> str:
    """Return a database URL without its password and without its options.

    Parameters
    ----------
    database_url
        A SQLAlchemy URL. Options are dropped because drivers accept a password there too.

    Returns
    -------
    str
        The URL with the user's name at most.

    Examples
    --------
    >>> hide_password("postgresql://ada:p@ss:w/ord@db.local/lianwen?password=x")
    'postgresql://ada@db.local/lianwen'
    >>> hide_password("sqlite:///var/lianwen.db")
    'sqlite:///var/lianwen.db'
    """
    scheme, separator, rest = database_url.partition("://")
    if not separator:
        return "unreadable database URL"
    place, _, _ = rest.partition("?")
    # The last @ ends the credentials: an unescaped password may hold @ and / itself.
    credentials, at, host = place.rpartition("@")
    user, _, _ = credentials.partition(":")
    return f"{scheme}://{user}{at}{host}"


def load_settings() -> Settings:
    """Read the environment.

    Returns
    -------
    Settings
        A frozen value; call again to see a changed environment.

    Raises
    ------
    pydantic.ValidationError
        When a ``LIANWEN_*`` variable holds a value of the wrong kind.
    """
    return Settings()


def prepare_environment(settings: Settings) -> None:
    """Make ``var/`` (mode 700) and point numba to its cache; call before numba is imported.

    Parameters
    ----------
    settings
        Where ``var/`` is made. A ``NUMBA_CACHE_DIR`` that is already set is kept.

    Raises
    ------
    OSError
        When the home folder cannot be written.
    """
    settings.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.numba_cache_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("NUMBA_CACHE_DIR", str(settings.numba_cache_dir))


def code_version() -> str:
    """Name the code that computes, as a run records it.

    Returns
    -------
    str
        The version alone, or with the commit (``0.1.0+g1a2b3c4``, ``-dirty`` when files were changed).
    """
    if not (CHECKOUT / ".git").exists():
        return VERSION
    command = ["git", "-C", str(CHECKOUT), "describe", "--always", "--dirty", "--exclude=*"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return VERSION
    commit = answer.stdout.strip()
    return f"{VERSION}+g{commit}" if answer.returncode == 0 and commit else VERSION

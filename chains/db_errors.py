"""What a database can refuse, each as one sentence that names the database and the remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DBAPIError

from chains.errors import LianwenError

if TYPE_CHECKING:
    from sqlalchemy import URL


class StoreError(LianwenError):
    """The database cannot do what was asked; the message names it without its password."""

    code = "store"


class DatabaseAddressError(StoreError):
    """The database URL is not one that this program understands."""

    code = "database-address"


class DatabaseUnreachableError(StoreError):
    """No server answers at the address, or the folder of the file is missing."""

    code = "database-unreachable"


class DatabaseRefusedError(StoreError):
    """The server does not let this user in."""

    code = "database-refused"


class NotADatabaseError(StoreError):
    """The file is no SQLite database, is damaged, or belongs to another program."""

    code = "not-a-database"


class DatabaseFullError(StoreError):
    """The disk of the database is full."""

    code = "database-full"


class DatabaseReadOnlyError(StoreError):
    """The database may be read but not written."""

    code = "database-read-only"


class DatabaseBusyError(StoreError):
    """Another process kept the database locked for longer than the busy timeout."""

    code = "database-busy"


class DatabaseNewerError(StoreError):
    """The database was made by a newer program."""

    code = "database-newer"


class DatabaseOutdatedError(StoreError):
    """The database is empty or older than the program and has to be migrated first."""

    code = "database-outdated"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a database refuses and what to do, without the name of the database.

    Attributes
    ----------
    kind
        The class of the error.
    message, zh
        The rest of the sentence, in English and in Chinese.
    """

    kind: type[StoreError]
    message: str
    zh: str

    def about(self, url: URL) -> StoreError:
        """Make the error.

        Parameters
        ----------
        url
            Where the database is; the sentence names it without its password.

        Returns
        -------
        StoreError
            To be raised.
        """
        return self.kind(f"database {label(url)}: {self.message}", zh=f"数据库 {label(url)}:{self.zh}")


_BUSY: Final = Refusal(
    DatabaseBusyError,
    "another process keeps it locked; wait a moment and repeat",
    "被另一个进程占用;请稍等再试",
)
_FULL: Final = Refusal(
    DatabaseFullError,
    "its disk is full; free some space and repeat, nothing was changed",
    "磁盘已满;请腾出空间再试,数据没有改动",
)
_READ_ONLY: Final = Refusal(
    DatabaseReadOnlyError,
    "it may not be written; correct the permissions or choose another",
    "不能写入;请改正权限或换一个数据库",
)
OUTDATED: Final = Refusal(
    DatabaseOutdatedError,
    "its tables are missing or older than the program; run 'lianwen init'",
    "还没有建表,或表比程序旧;请执行 lianwen init",
)
_REFUSED: Final = Refusal(
    DatabaseRefusedError,
    "the server refuses this user or password; correct LIANWEN_DATABASE_URL",
    "服务器不接受这个用户或密码;请改正 LIANWEN_DATABASE_URL",
)
_DAMAGED: Final = Refusal(
    NotADatabaseError,
    "it is damaged; restore the newest copy from var/backups",
    "文件已损坏;请用 var/backups 里最新的副本恢复",
)
_MISSING: Final = Refusal(
    DatabaseUnreachableError,
    "it cannot be opened; create its folder, or correct the path or the permissions",
    "打不开;请建好所在文件夹,或改正路径或权限",
)
_UNREACHABLE: Final = Refusal(
    DatabaseUnreachableError,
    "no server answers; start it or correct LIANWEN_DATABASE_URL",
    "服务器没有应答;请启动它,或改正 LIANWEN_DATABASE_URL",
)

_NOT_SQLITE: Final = Refusal(
    NotADatabaseError,
    "the file is not a SQLite database; choose another file",
    "这个文件不是 SQLite 数据库;请换一个文件",
)
_DISK_ERROR: Final = Refusal(
    StoreError,
    "its disk reports an error; check the disk and restore a copy if needed",
    "磁盘报错;请检查磁盘,必要时用副本恢复",
)
_NO_SUCH_DATABASE: Final = Refusal(
    DatabaseUnreachableError,
    "the server has no such database; create it with createdb",
    "服务器上没有这个数据库;请用 createdb 建立",
)

_BY_SQLITE_NAME: Final[dict[str, Refusal]] = {
    "SQLITE_NOTADB": _NOT_SQLITE,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_CANTOPEN": _MISSING,
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_IOERR": _DISK_ERROR,
}
_BY_SQLSTATE: Final[dict[str, Refusal]] = {
    "28P01": _REFUSED,
    "28000": _REFUSED,
    "3D000": _NO_SUCH_DATABASE,
    "53100": _FULL,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "42P01": OUTDATED,
    "42703": OUTDATED,
    "55P03": _BUSY,
    "57014": _BUSY,
}
# A refused connection carries no SQLSTATE, only the server's English sentence.
_BY_TEXT: Final[tuple[tuple[str, Refusal], ...]] = (
    ("password authentication failed", _REFUSED),
    ("no password supplied", _REFUSED),
    ("no pg_hba.conf entry", _REFUSED),
    ('role "', _REFUSED),
    ('database "', _NO_SUCH_DATABASE),
    ("no such table", OUTDATED),
    ("no such column", OUTDATED),
    ("connection", _UNREACHABLE),
    ("could not translate host name", _UNREACHABLE),
    ("failed to resolve host", _UNREACHABLE),
)


def label(url: URL) -> str:
    """Name a database for a message.

    Parameters
    ----------
    url
        Where the database is.

    Returns
    -------
    str
        The URL without password and options (a driver accepts a password there too).

    Examples
    --------
    >>> from sqlalchemy import make_url
    >>> label(make_url("postgresql+psycopg://ada:secret@db.local/lianwen?password=x"))
    'postgresql://ada@db.local/lianwen'
    """
    plain = url.set(query={}, drivername=url.get_backend_name())
    return plain.render_as_string(hide_password=True).replace(":***@", "@")


def explain(error: DBAPIError, *, url: URL) -> StoreError | None:
    """Turn an error of the driver into one sentence.

    Parameters
    ----------
    error
        What SQLAlchemy raised.
    url
        Where the database is.

    Returns
    -------
    StoreError or None
        None for an error that no user can remedy (a bug of ours, such as a broken constraint).
    """
    found = _by_code(error.orig) or _by_text(error)
    return None if found is None else found.about(url)


def _by_code(cause: BaseException | None) -> Refusal | None:
    name = getattr(cause, "sqlite_errorname", None)
    if isinstance(name, str):
        # Extended codes such as SQLITE_IOERR_WRITE begin with the plain one.
        return _BY_SQLITE_NAME.get("_".join(name.split("_")[:2]))
    state = getattr(cause, "sqlstate", None)
    return _BY_SQLSTATE.get(state) if isinstance(state, str) else None


def _by_text(error: DBAPIError) -> Refusal | None:
    if type(error).__name__ not in {"OperationalError", "ProgrammingError", "InterfaceError"}:
        return None
    if getattr(error.orig, "sqlstate", None) is not None:
        return None
    text = str(error.orig)
    return next((found for part, found in _BY_TEXT if part in text), None)

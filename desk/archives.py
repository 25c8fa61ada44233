"""The file of a backup: a zip whose manifest names every other member with its digest."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final

from chains.errors import LianwenError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
TABLES: Final = "tables/"
UPLOADS: Final = "uploads/"
_PORTION: Final = 1 << 20
_LONGEST_LINE: Final = 1 << 28
_LONGEST_MANIFEST: Final = 1 << 28
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class BackupError(LianwenError):
    """A backup cannot be written or read; the message names the file and the remedy."""

    code = "backup"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the archive.

    Attributes
    ----------
    name
        Path inside the archive.
    sha256
        Digest of its content, hexadecimal.
    columns
        Of a table: names in the order of the cells of a line; empty for a file.
    rows
        Of a table: how many lines; 0 for a file.
    """

    name: str
    sha256: str
    columns: tuple[str, ...] = ()
    rows: int = 0

    @property
    def is_table(self) -> bool:
        """Whether it holds rows."""
        return self.name.startswith(TABLES)

    @property
    def table(self) -> str:
        """Name of the table whose rows it holds."""
        return self.name.removeprefix(TABLES).removesuffix(".jsonl")

    @property
    def upload(self) -> PurePosixPath:
        """Path of the uploaded file below the folder of uploads."""
        return PurePosixPath(self.name.removeprefix(UPLOADS))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds.

    Attributes
    ----------
    format
        Of the archive, from 1.
    program
        Version of the program that wrote it.
    schema
        Revision of the tables.
    database
        ``sqlite`` or ``postgresql``; it restores on either.
    created_at
        ISO 8601, UTC.
    members
        Every other member of the archive.
    """

    format: int
    program: str
    schema: str
    database: str
    created_at: str
    members: tuple[Member, ...]

    def to_json(self) -> str:
        """Write it as the member ``manifest.json``."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


class ArchiveWriter:
    """Writes members in portions and remembers their digests.

    Parameters
    ----------
    archive
        Open for writing.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: list[Member] = []

    def add_table(self, table: str, columns: Iterable[str], lines: Iterable[bytes]) -> None:
        """Write the rows of a table, one line each."""
        digest, rows, name = hashlib.sha256(), 0, f"{TABLES}{table}.jsonl"
        with self._archive.open(name, "w", force_zip64=True) as target:
            for line in lines:
                target.write(line)
                digest.update(line)
                rows += 1
        self.members.append(Member(name, digest.hexdigest(), tuple(columns), rows))

    def add_upload(self, file: Path, path: PurePosixPath) -> None:
        """Write an uploaded file."""
        digest, name = hashlib.sha256(), f"{UPLOADS}{path}"
        with file.open("rb") as source, self._archive.open(name, "w", force_zip64=True) as target:
            for portion in _portions(source):
                target.write(portion)
                digest.update(portion)
        self.members.append(Member(name, digest.hexdigest()))


@contextmanager
def writing_archive(file: Path) -> Iterator[zipfile.ZipFile]:
    """Make a new archive that only its owner may read; it takes its name when it is complete.

    Parameters
    ----------
    file
        Must not exist.

    Yields
    ------
    zipfile.ZipFile
        Open for writing.

    Raises
    ------
    BackupError
        When the file exists or cannot be written.
    """
    if file.exists():
        raise BackupError(
            f"{file.name} exists already and a backup overwrites no file; choose another name",
            zh=f"{file.name} 已存在,备份不覆盖任何文件;请换一个文件名",
        )
    partial = file.with_name(f"{file.name}.part")
    try:
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                yield archive
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(file)
    except OSError as error:
        raise BackupError(
            f"backup {file.name} cannot be written ({error.strerror}); check folder, permissions and disk",
            zh=f"备份文件 {file.name} 写不了({error.strerror});请检查文件夹、权限和磁盘空间",
        ) from error
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def reading_archive(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive; what is broken inside the block becomes one sentence.

    Parameters
    ----------
    file
        Written by `writing_archive`.

    Yields
    ------
    zipfile.ZipFile
        Open for reading.

    Raises
    ------
    BackupError
        When there is no such file, or it is no backup, or it is damaged.
    """
    try:
        stream = file.open("rb")
    except OSError as error:
        raise BackupError(
            f"backup {file.name} cannot be opened ({error.strerror}); check its name and permissions",
            zh=f"备份文件 {file.name} 打不开({error.strerror});请检查文件名和权限",
        ) from error
    with stream:
        if not zipfile.is_zipfile(stream):
            raise _foreign(file)
        try:
            with zipfile.ZipFile(stream) as archive:
                yield archive
        except _BROKEN as error:
            raise _damaged(file, "its compressed data cannot be read", "压缩数据读不出") from error


def read_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """Read what an archive claims to hold.

    Parameters
    ----------
    archive
        From `reading_archive`.
    file
        Its name for messages.

    Returns
    -------
    Manifest
        Well-formed; digests are not checked yet.

    Raises
    ------
    BackupError
        When it is no backup, was made by a newer program, or its manifest cannot be read.
    """
    if MANIFEST not in archive.namelist() or archive.getinfo(MANIFEST).file_size > _LONGEST_MANIFEST:
        raise _foreign(file)
    try:
        found: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if int(found["format"]) > FORMAT:
            raise newer_backup(file, str(found.get("program")))
        members = tuple(
            Member(one["name"], one["sha256"], tuple(one["columns"]), int(one["rows"]))
            for one in found.pop("members")
        )
        return Manifest(members=members, **found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(file, f"{MANIFEST} makes no sense", f"{MANIFEST} 读不懂") from error


def check_members(archive: zipfile.ZipFile, manifest: Manifest, file: Path) -> None:
    """Compare every member with the manifest before anything is changed.

    Parameters
    ----------
    archive, manifest
        From `reading_archive` and `read_manifest`.
    file
        Its name for messages.

    Raises
    ------
    BackupError
        When a member is missing, foreign, changed, or its path leads elsewhere.
    """
    listed = sorted([MANIFEST, *(member.name for member in manifest.members)])
    if sorted(archive.namelist()) != listed:
        raise _damaged(file, f"its content is not what {MANIFEST} lists", f"内容与 {MANIFEST} 所列不符")
    for member in manifest.members:
        if not member.is_table and not _is_safe(member):
            raise _damaged(file, "it holds a file that is none of a backup", "含有不属于备份的文件")
        digest = hashlib.sha256()
        with archive.open(member.name) as stream:
            for portion in _portions(stream):
                digest.update(portion)
        if digest.hexdigest() != member.sha256:
            raise _damaged(file, f"the digest of {member.name} differs", f"{member.name} 的校验值不符")


def read_lines(archive: zipfile.ZipFile, member: Member) -> Iterator[bytes]:
    """Read the rows of a table.

    Parameters
    ----------
    archive
        From `reading_archive`.
    member
        A table.

    Yields
    ------
    bytes
        One line each, at most 256 MB.

    Raises
    ------
    ValueError
        When a line is longer.
    """
    with archive.open(member.name) as stream:
        while line := stream.readline(_LONGEST_LINE):
            if not line.endswith(b"\n"):
                raise ValueError(f"{member.name}: a line is cut")
            yield line


def extract_upload(archive: zipfile.ZipFile, member: Member, folder: Path) -> None:
    """Write one uploaded file below a folder, readable by its owner only.

    Parameters
    ----------
    archive
        From `reading_archive`, checked by `check_members`.
    member
        No table.
    folder
        Made when missing.
    """
    target = folder.joinpath(*member.upload.parts)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.open(member.name) as source, target.open("xb") as written:
        for portion in _portions(source):
            written.write(portion)
    target.chmod(0o600)


def _is_safe(member: Member) -> bool:
    parts = member.upload.parts
    plain = member.name.startswith(UPLOADS) and "\\" not in member.name and ":" not in member.name
    return plain and bool(parts) and not member.upload.is_absolute() and ".." not in parts


def _portions(stream: IO[bytes]) -> Iterator[bytes]:
    while portion := stream.read(_PORTION):
        yield portion


def newer_backup(file: Path, program: str) -> BackupError:
    """Make the error of a backup that a newer program wrote.

    Parameters
    ----------
    file
        Its name for the message.
    program
        Version that the manifest names.

    Returns
    -------
    BackupError
        To be raised.
    """
    return BackupError(
        f"{file.name} was written by a newer program ({program}); update the program, then restore",
        zh=f"{file.name} 由更新版本的链稳写成({program});请先升级程序再恢复",
    )


def _foreign(file: Path) -> BackupError:
    return BackupError(
        f"{file.name} is no backup of this program, or was cut; choose a .zip that 'lianwen backup' wrote",
        zh=f"{file.name} 不是链稳备份,或已残缺;请选择 lianwen backup 写的 .zip 文件",
    )


def _damaged(file: Path, why: str, why_zh: str) -> BackupError:
    return BackupError(
        f"backup {file.name} is damaged ({why}); nothing was changed, use another backup",
        zh=f"备份文件 {file.name} 已损坏({why_zh});数据没有改动,请换用另一份备份",
    )

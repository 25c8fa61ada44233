"""CSV files of facts as rows of text; what keeps a file or a record from being read is a Problem."""

from __future__ import annotations

import csv
import io
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from chains.cells import RowReader
from chains.errors import Place, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# How alike an unknown column is to the one that is meant: "shares" to share, "weight" to unit_weight.
_MEANT: Final = 0.7


def read_table(
    path: Path, file: str, *, required: tuple[str, ...], known: tuple[str, ...] = ()
) -> tuple[list[RowReader], list[Problem]]:
    """Read a UTF-8 CSV file, with or without a byte order mark, into rows of text.

    Parameters
    ----------
    path
        The file.
    file
        Its name as the user knows it, for places.
    required
        Columns that must be in the header; other columns may be absent, unknown ones are ignored.
    known
        Columns that are read; another one that looks like one of them that is absent is pointed out.

    Returns
    -------
    rows : list of RowReader
        All records that have as many cells as the header; records of blanks only are skipped.
    problems : list of Problem
        What kept the file or single records from being read.
    """
    records, refusal = _read_records(path, file)
    if refusal:
        return [], [refusal]
    if not records:
        message = f"the file is empty; its first line must name {', '.join(required)}"
        zh = f"文件是空的;第一行须写列名 {'、'.join(required)}"
        return [], [_refuse("missing-header", message, Place(file, 0), zh=zh)]
    (first_line, header), *body = records
    columns = [name.strip().lower() for name in header]
    bad_header = _check_header(columns, required, Place(file, first_line))
    if bad_header:
        return [], bad_header
    rows, problems = _split_rows(columns, body, file)
    return rows, _suspect_columns(columns, known, Place(file, first_line)) + problems


def _read_records(path: Path, file: str) -> tuple[list[tuple[int, list[str]]], Problem | None]:
    """Return the records of a file with their lines, or why there are none."""
    place = Place(file, 0)
    try:
        return list(_iterate_records(path.read_bytes().decode("utf-8-sig"))), None
    except FileNotFoundError:
        return [], _refuse("missing-file", "the file is missing; add it", place, zh="缺少这个文件;请补上")
    except OSError as error:
        message = f"the file cannot be opened ({error.strerror}); check it"
        return [], _refuse("unreadable-file", message, place, zh=f"文件打不开({error.strerror});请检查")
    except UnicodeDecodeError:
        message = "the file is not UTF-8; save it as CSV UTF-8"
        return [], _refuse("not-utf-8", message, place, zh="文件不是 UTF-8 编码;请另存为 CSV UTF-8")
    except csv.Error as error:
        message = f"the file is no readable CSV ({error}); save it again"
        return [], _refuse("bad-csv", message, place, zh=f"文件不是可读的 CSV({error});请重新保存")


def _iterate_records(content: str) -> Iterator[tuple[int, list[str]]]:
    """Yield every record that is not blank with the line it starts on (quoted cells may span lines)."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    start = 1
    for record in reader:
        if any(cell.strip() for cell in record):
            yield start, record
        start = reader.line_num + 1


def _check_header(columns: list[str], required: tuple[str, ...], place: Place) -> list[Problem]:
    missing = [name for name in required if name not in columns]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    found = []
    if missing:
        message = f"column {', '.join(missing)} is missing; add it to the header"
        found.append(_refuse("missing-column", message, place, zh=f"缺少列 {'、'.join(missing)};请补到表头"))
    if twice:
        message = f"column {', '.join(twice)} stands twice in the header; keep one"
        zh = f"列 {'、'.join(twice)} 在表头里重复;请只留一个"
        found.append(_refuse("repeated-column", message, place, zh=zh))
    return found


def _suspect_columns(columns: list[str], known: tuple[str, ...], place: Place) -> list[Problem]:
    """Point out unknown columns that are probably meant for one that is absent."""
    absent = [name for name in known if name not in columns]
    found = []
    for name in columns:
        close = () if name in known else get_close_matches(name, absent, n=1, cutoff=_MEANT)
        for meant in close:
            message = f"column {name} is unknown and not read; if {meant} is meant, call it so"
            zh = f"不认识列 {name},该列没有读取;如果是 {meant},请改为这个列名"
            found.append(Problem(Severity.WARNING, "column-not-read", message, (place,), message_zh=zh))
    return found


def _split_rows(
    columns: list[str], body: list[tuple[int, list[str]]], file: str
) -> tuple[list[RowReader], list[Problem]]:
    rows, problems = [], []
    for line, record in body:
        if len(record) != len(columns):
            message = f"the row has {len(record)} cells, the header {len(columns)}; check commas and quotes"
            zh = f"这一行有 {len(record)} 格,表头有 {len(columns)} 格;请检查逗号和引号"
            problems.append(_refuse("cell-count", message, Place(file, line), zh=zh))
            continue
        cells = dict(zip(columns, (cell.strip() for cell in record), strict=True))
        rows.append(RowReader(cells, Place(file, line)))
    return rows, problems


def _refuse(code: str, message: str, place: Place, *, zh: str) -> Problem:
    return Problem(Severity.ERROR, code, message, (place,), message_zh=zh)

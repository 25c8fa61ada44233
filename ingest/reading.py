"""From bytes to a table of text: the gate, then the reader for the type of file."""

from __future__ import annotations

from ingest.delimited import read_delimited
from ingest.gate import check_file
from ingest.model import LIMITS, Limits, RawTable
from ingest.worksheets import read_workbook


def read_here(content: bytes, filename: str, *, limits: Limits = LIMITS) -> RawTable:
    """Read a file in this process; `ingest.sandbox` is the way in for files from outside.

    Parameters
    ----------
    content
        The file.
    filename
        Name as uploaded; only its ending is looked at.
    limits
        What the file may cost.

    Returns
    -------
    RawTable
        All cells as text.

    Raises
    ------
    UploadRefusedError
        With the code of the rule that the file breaks.
    """
    if check_file(content, filename, limits=limits) == "xlsx":
        return read_workbook(content, limits=limits)
    return read_delimited(content, limits=limits)

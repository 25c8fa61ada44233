"""From bytes to a table of text: the gate, then the reader for the type of file."""

from __future__ import annotations

from ingest.choice import AUTOMATIC, Choice
from ingest.delimited import read_delimited, sketch_delimited
from ingest.gate import check_file
from ingest.model import LIMITS, Limits, RawTable
from ingest.worksheets import read_workbook, sketch_workbook


def read_here(
    content: bytes, filename: str, *, limits: Limits = LIMITS, choice: Choice = AUTOMATIC
) -> RawTable:
    """Read a file in this process; `ingest.sandbox` is the way in for files from outside.

    Parameters
    ----------
    content
        The file.
    filename
        Name as uploaded; only its ending is looked at.
    limits
        What the file may cost.
    choice
        What a person decided about reading it.

    Returns
    -------
    RawTable
        All cells as text.

    Raises
    ------
    UploadRefusedError
        With the code of the rule that the file breaks.
    """
    if check_file(content, filename, limits=limits, encoding=choice.encoding) == "xlsx":
        return read_workbook(content, limits=limits, choice=choice)
    return read_delimited(content, limits=limits, choice=choice)


def sketch_here(
    content: bytes, filename: str, *, limits: Limits = LIMITS, choice: Choice = AUTOMATIC
) -> RawTable:
    """Read the first rows of a file as they stand; `ingest.sandbox` is the way in here too.

    Parameters
    ----------
    content, filename, limits, choice
        As for `read_here`.

    Returns
    -------
    RawTable
        Without a header.

    Raises
    ------
    UploadRefusedError
        With the code of the rule that the file breaks.
    """
    if check_file(content, filename, limits=limits, encoding=choice.encoding) == "xlsx":
        return sketch_workbook(content, limits=limits, choice=choice)
    return sketch_delimited(content, choice=choice)

"""经办人: the one named officer who signs imports, notes and acknowledgements until there are accounts."""

from __future__ import annotations

from dataclasses import dataclass

from chains.errors import LianwenError

_LONGEST = 100


class OfficerError(LianwenError):
    """A name or unit that cannot sign."""

    code = "officer"


@dataclass(frozen=True, slots=True)
class Officer:
    """Who signs.

    Attributes
    ----------
    name, unit
        As written by the officer, 1 to 100 characters each.
    """

    name: str
    unit: str

    @property
    def signature(self) -> tuple[str, str]:
        """Name and unit, as records store them."""
        return self.name, self.unit


def read_officer(name: str, unit: str) -> Officer:
    """Read what an officer typed.

    Parameters
    ----------
    name, unit
        As typed.

    Returns
    -------
    Officer
        With blanks around and between words tidied.

    Raises
    ------
    OfficerError
        When one of them is blank or longer than 100 characters.

    Examples
    --------
    >>> read_officer(" 王  工 ", "工信局产业链专班")
    Officer(name='王 工', unit='工信局产业链专班')
    """
    officer = Officer(" ".join(name.split()), " ".join(unit.split()))
    for words, label, zh in ((officer.name, "name", "姓名"), (officer.unit, "unit", "单位")):
        if not words:
            raise OfficerError(
                f"give the {label} of the officer; it is stored with the note",
                zh=f"请填写经办人{zh};它会和备注一起留存",
            )
        if len(words) > _LONGEST:
            raise OfficerError(
                f"the {label} of the officer has {len(words)} characters; {_LONGEST} are the most",
                zh=f"经办人{zh}太长({len(words)} 个字);最多 {_LONGEST} 个字",
            )
    return officer

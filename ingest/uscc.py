"""Unified social credit codes (GB 32100-2015)."""

from __future__ import annotations

import re
from typing import Final

from stdnum.cn import uscc

# Letters may open a code (N for farmers' cooperatives); stdnum's own validate wants digits there.
SHAPE: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def is_credit_code(code: str) -> bool:
    """Tell whether 18 upper-case characters form a credit code.

    Parameters
    ----------
    code
        Text without blanks.

    Returns
    -------
    bool
        True when shape and check character fit.

    Examples
    --------
    >>> is_credit_code("91110000600037341L"), is_credit_code("91110000600037341K")
    (True, False)
    """
    return SHAPE.fullmatch(code) is not None and uscc.calc_check_digit(code[:-1]) == code[-1]

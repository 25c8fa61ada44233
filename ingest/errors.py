"""Broken promises of the ingest package."""

from __future__ import annotations

from chains.errors import LianwenError
from ingest.messages import Language, Value, say


class UploadRefusedError(LianwenError):
    """A whole file is refused; `code` is stable and `sentence` says what to do.

    Parameters
    ----------
    code
        Key of `ingest.messages.SENTENCES`, for example ``no-header``.
    **params
        What the sentence names: a row, a part, a limit. Never a path.
    """

    def __init__(self, code: str, **params: Value) -> None:
        super().__init__(say(code, "en", **params), zh=say(code, "zh", **params))
        self.code = code
        self.params = params

    def sentence(self, language: Language = "zh") -> str:
        """Say in one sentence why the file is refused and what to do.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            One sentence without path or traceback.
        """
        return say(self.code, language, **self.params)

"""Known names near one: scored to be placed by themselves, or found for a person to choose from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.name_index import NEAR_SCORE
from ingest.names import HAN, name_key, pinyin

if TYPE_CHECKING:
    from ingest.resolution import NameIndex

BOTH_SCRIPTS: Final = 96.0
SAME_SOUND: Final = 99.0
SUGGESTIONS: Final = 5
LONGEST_TAIL: Final = 2
LATIN_PART: Final = re.compile(r"[A-Za-z][A-Za-z0-9&.\- ]*")
AROUND: Final = "()()[]【】 ,,/-"


@dataclass(frozen=True, slots=True)
class Found:
    """Known names near one.

    Attributes
    ----------
    scores
        Id to how surely it is the same, 0 to 100, best first.
    suggestions
        Up to five ids for a person to choose from: names that look, sound or read alike, best first.
    """

    scores: Mapping[str, float]
    suggestions: tuple[str, ...]


def look_around(name: str, index: NameIndex) -> Found:
    """Find the known names near one.

    Parameters
    ----------
    name
        As in the list.
    index
        Known names.

    Returns
    -------
    Found
        Empty when nothing is near.
    """
    one = index.take_apart(name)
    at_core = index.grams.at_key.get(one.core, ())
    alike = dict(index.grams.find_alike(one.core)) if one.core else {}
    containing = index.grams.find_containing(one.core) if one.core else []
    scores: dict[str, float] = {}
    # A name much longer than another is never certain, so it is only suggested.
    close = (at for at in containing if abs(len(index.grams.keys[at]) - len(one.core)) <= LONGEST_TAIL)
    for at in dict.fromkeys((*at_core, *alike, *close)):
        known = index.id_at(at)
        keep_best(scores, known, index.score(one, index.parts[at], index.known[known]))
    both = _find_in_both_scripts(name, index)
    if both is not None:
        keep_best(scores, both, BOTH_SCRIPTS)
    likely: dict[str, float] = {}
    for at, score in alike.items():
        keep_best(likely, index.id_at(at), score)
    for at in containing:
        near = index.grams.keys[at]
        share = min(len(near), len(one.core)) / max(len(near), len(one.core))
        keep_best(likely, index.id_at(at), NEAR_SCORE + share)
    # A Latin name may be the pinyin of a known one, and the other way round.
    for at in index.at_sound.get(pinyin(one.core), ()):
        keep_best(likely, index.id_at(at), SAME_SOUND)
    return Found(_best_first(scores), tuple(_best_first(likely))[:SUGGESTIONS])


def _best_first(scores: dict[str, float]) -> dict[str, float]:
    return dict(sorted(scores.items(), key=lambda each: (-each[1], each[0])))


def _find_in_both_scripts(name: str, index: NameIndex) -> str | None:
    """Find the one firm that both parts of 中芯国际 SMIC name."""
    latin = LATIN_PART.search(name)
    if not latin or not HAN.search(name):
        return None
    other = (name[: latin.start()] + name[latin.end() :]).strip(AROUND)
    owners = [index.by_key.get(name_key(part), ()) for part in (latin[0], other)]
    return owners[0][0] if len(owners[0]) == 1 and owners[0] == owners[1] else None


def keep_best(scores: dict[str, float], known: str, score: float) -> None:
    """Note a score of an id, unless a better one stands.

    Parameters
    ----------
    scores
        Id to score; changed in place.
    known, score
        What was found.
    """
    scores[known] = max(score, scores.get(known, 0.0))

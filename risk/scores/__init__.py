"""The scores of a node, one a file; add one by a file and a line here."""

from __future__ import annotations

from risk.scores import exposure, recovery_day, residual, substitution, tts_days

SCORES = (exposure.SCORE, substitution.SCORE, residual.SCORE, tts_days.SCORE, recovery_day.SCORE)
SCORE_NAMES = tuple(score.score_id for score in SCORES)

"""What the upload page asks the desk for: nothing here is cached, a list is looked at once."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chains.errors import LianwenError
from desk import (
    attempts,
    computing,
    import_effect,
    import_facts,
    import_files,
    import_mapping,
    import_memory,
    import_review,
    import_undo,
    imports,
)
from desk.lists import REGISTER_CHAIN
from views import queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.import_effect import Effect
    from desk.import_facts import Standing
    from desk.import_mapping import Sketch
    from desk.import_review import WaitingList
    from desk.import_undo import UndoOutcome, UndoPreview
    from desk.imports import Answers, CheckedList, ImportOutcome
    from ingest.attempts import Attempt
    from ingest.choice import Choice
    from ingest.mapping import RememberedMapping
    from ingest.memory import RememberedName
    from ingest.preview import ImportPlan
    from ingest.repository import Upload
    from views.upload_draft import Draft


def check_list(chain_id: str, *, content: bytes, name: str, buyer: str | None) -> CheckedList:
    """Check a file as it was uploaded.

    Parameters
    ----------
    chain_id
        Which chain.
    content, name
        The file.
    buyer
        Whose list it is, if it is one firm's.

    Returns
    -------
    CheckedList
        A refusal is a value.
    """
    return imports.check_list(queries.get_settings(), chain_id, content=content, name=name, buyer=buyer)


def sketch_list(draft: Draft, choice: Choice, header_line: int | None) -> Sketch:
    """Read the first rows of a list, once for each way of reading them.

    Parameters
    ----------
    draft
        The list; what was read is kept with it.
    choice
        Encoding, separator and sheet decided so far.
    header_line
        1-based line or sheet row of the header, when a person said which.

    Returns
    -------
    Sketch
        With suggestions of which column is which.
    """
    key = (choice, header_line)
    if key not in draft.sketches:
        checked = draft.checked
        draft.sketches[key] = import_mapping.sketch_list(
            queries.get_settings(),
            checked.chain_id,
            content=checked.content,
            name=checked.name,
            choice=choice,
            header_line=header_line,
        )
    return draft.sketches[key]


def check_again(checked: CheckedList, choice: Choice) -> CheckedList:
    """Check a list anew as a person says.

    Parameters
    ----------
    checked
        The list.
    choice
        What the person says about reading it.

    Returns
    -------
    CheckedList
        A refusal is a value.
    """
    return imports.check_list(
        queries.get_settings(),
        checked.chain_id,
        content=checked.content,
        name=checked.name,
        buyer=checked.buyer,
        choice=choice,
    )


def plan_list(checked: CheckedList, answers: Answers) -> tuple[ImportPlan, Standing]:
    """Work out what a list would change.

    Parameters
    ----------
    checked, answers
        The list and what a person said about it.

    Returns
    -------
    tuple
        The plan and the facts it was worked out on.
    """
    return imports.plan_list(queries.get_settings(), checked, answers)


def import_list(checked: CheckedList, answers: Answers, *, expected: ImportPlan) -> ImportOutcome:
    """Import a list and start a process that computes the queued runs.

    Parameters
    ----------
    checked, answers
        The list and what a person said about it.
    expected
        What the person saw.

    Returns
    -------
    ImportOutcome
        With the runs queued; a list of which no name is placed is stored and waits.
    """
    if not expected.committed:
        return imports.hold_list(queries.get_settings(), checked, answers)
    outcome = imports.import_list(queries.get_settings(), checked, answers, expected=expected)
    if outcome.run_ids:
        computing.start_worker()
    return outcome


def list_uploads(chain_id: str) -> tuple[Upload, ...]:
    """List the uploads of a chain and the lists of bottleneck items, the newest first.

    Parameters
    ----------
    chain_id
        Which chain.

    Returns
    -------
    tuple of Upload
        With their counts.
    """
    settings = queries.get_settings()
    own, register = (import_files.list_uploads(settings, name) for name in (chain_id, REGISTER_CHAIN))
    return tuple(sorted((*own, *register), key=lambda upload: -upload.upload_id))


def remove_file(upload_id: int, *, by: str) -> Upload:
    """Delete the kept file of an upload.

    Parameters
    ----------
    upload_id
        Which.
    by
        Who deletes it.

    Returns
    -------
    Upload
        With the trace.
    """
    return import_files.remove_kept_file(queries.get_settings(), upload_id, by=by)


def interrupted_imports(chain_id: str) -> tuple[Attempt, ...]:
    """List imports of a chain whose process ended before they did.

    Parameters
    ----------
    chain_id
        Which chain.

    Returns
    -------
    tuple of Attempt
        Nothing of them was stored.
    """
    return attempts.interrupted_imports(queries.get_settings(), chain_id)


def preview_undo(upload_id: int) -> UndoPreview:
    """Work out what undoing an upload would do.

    Parameters
    ----------
    upload_id
        Which.

    Returns
    -------
    UndoPreview
        With who built on it since.
    """
    return import_undo.preview_undo(queries.get_settings(), upload_id)


def undo_upload(upload_id: int, *, by: str, expected: UndoPreview) -> UndoOutcome:
    """Undo an upload and start a process that computes the queued runs.

    Parameters
    ----------
    upload_id
        Which.
    by
        Who undoes it.
    expected
        What the person saw.

    Returns
    -------
    UndoOutcome
        With the runs queued.
    """
    outcome = import_undo.undo_import(queries.get_settings(), upload_id, by=by, expected=expected)
    if outcome.run_ids:
        computing.start_worker()
    return outcome


def read_waiting(upload_id: int) -> WaitingList:
    """Read the rows of an upload that wait for names to be placed.

    Parameters
    ----------
    upload_id
        Which.

    Returns
    -------
    WaitingList
        With the names to be placed.
    """
    return import_review.read_waiting(queries.get_settings(), upload_id)


def commit_waiting(waiting: WaitingList, answers: Answers) -> ImportOutcome:
    """Let waiting rows count whose names are placed now.

    Parameters
    ----------
    waiting, answers
        The rows and what a person said about their names.

    Returns
    -------
    ImportOutcome
        With the runs queued.
    """
    outcome = import_review.commit_waiting(queries.get_settings(), waiting, answers)
    if outcome.run_ids:
        computing.start_worker()
    return outcome


def read_memory() -> tuple[tuple[RememberedName, ...], tuple[RememberedMapping, ...]]:
    """Read what is remembered of earlier lists.

    Returns
    -------
    tuple
        Names and columns that still count, the newest first.
    """
    settings = queries.get_settings()
    return import_memory.list_names(settings), import_mapping.list_mappings(settings)


def read_labels(chain_id: str) -> Mapping[str, tuple[str | None, str]]:
    """Read the names of suppliers and items by id.

    Parameters
    ----------
    chain_id
        Which chain.

    Returns
    -------
    Mapping
        Id to Chinese and English name.
    """
    return import_facts.read_known(queries.get_settings(), chain_id).labels


def forget_name(decision_id: int, *, by: str) -> None:
    """Take back what was decided about a name.

    Parameters
    ----------
    decision_id
        Which.
    by
        Who takes it back.
    """
    import_memory.forget_name(queries.get_settings(), decision_id, by=by)


def forget_mapping(mapping_id: int, *, by: str) -> None:
    """Take back what was said about columns.

    Parameters
    ----------
    mapping_id
        Which.
    by
        Who takes it back.
    """
    import_mapping.forget_mapping(queries.get_settings(), mapping_id, by=by)


@dataclass
class EffectJob:
    """The scores after an import, computed by another process while the page waits.

    Attributes
    ----------
    done
        Set when there is a result or an error.
    fraction
        How far it is, 0 to 1.
    effect, error
        What came of it.
    """

    done: threading.Event = field(default_factory=threading.Event)
    fraction: float = 0.0
    effect: Effect | None = None
    error: LianwenError | None = None


def start_effect(chain_id: str, *, standing: Standing, plan: ImportPlan) -> EffectJob:
    """Start to compute which scores a list would move.

    Parameters
    ----------
    chain_id
        Which chain.
    standing, plan
        From `plan_list`.

    Returns
    -------
    EffectJob
        Runs on while the page is drawn anew.
    """
    job, settings = EffectJob(), queries.get_settings()

    def tell(done: float) -> None:
        job.fraction = done

    def work() -> None:
        try:
            job.effect = import_effect.preview_effect(
                settings, chain_id, standing=standing, plan=plan, progress=tell
            )
        except LianwenError as error:
            job.error = error
        finally:
            job.done.set()

    threading.Thread(target=work, daemon=True).start()
    return job

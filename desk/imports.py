"""Supplier lists: check a file, show what it would change, let it count, look after the kept file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chains.db import lock_writers
from chains.errors import ChainDataError, LianwenError
from desk.attempts import attempted, new_attempt
from desk.chain_names import require_chain
from desk.import_facts import KnownFacts, find_items, load_regions, read_known, read_standing, same_facts
from desk.import_files import describe_reading, find_earlier, keep_file
from desk.import_mapping import check_as_remembered, remember_choice
from desk.import_runs import queue_affected
from desk.store import reading
from ingest import commit as committing
from ingest.checking import CheckResult
from ingest.choice import AUTOMATIC, Choice
from ingest.market import ListOrigin
from ingest.pipeline import Question, find_questions, list_rows, undecided_rows
from ingest.preview import ImportPlan, plan_import
from ingest.storing import NewUpload
from ingest.tables import UploadKind
from ingest.unasked import decide_without_asking
from ingest.waiting import FlaggedRows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.import_facts import Standing
    from ingest.attempts import Attempt
    from ingest.mapping import RememberedMapping
    from ingest.repository import Upload
    from ingest.sandbox import Reader
    from settings import Settings

_HOME_ZONE = ZoneInfo("Asia/Shanghai")


class StalePreviewError(LianwenError):
    """The facts changed since the preview, so nothing was written."""

    code = "stale-preview"


@dataclass(frozen=True)
class CheckedList:
    """A file that was looked at; nothing is stored.

    Attributes
    ----------
    chain_id, name, buyer
        For which chain, under which name, whose list.
    content
        The file.
    result
        What it holds.
    known
        What it was read against.
    earlier
        The upload of the same file, if there is one.
    choice, recalled
        What a person said about reading it, and what was said of an earlier list and counts here.
    """

    chain_id: str
    name: str
    buyer: str | None
    content: bytes = field(repr=False)
    result: CheckResult = field(repr=False)
    known: KnownFacts = field(repr=False)
    earlier: Upload | None = None
    choice: Choice = AUTOMATIC
    recalled: RememberedMapping | None = None

    @property
    def refused(self) -> bool:
        """Whether no row can be imported."""
        return self.result.status == "reject" or not self.result.good_count

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Names that a person has to place; made when somebody looks, as there may be a million."""
        return () if self.result.status == "reject" else find_questions(self.result)

    def decide_unasked(self) -> Mapping[str, str]:
        """Decide what a command decides, which can ask nobody; no question is made for it.

        Returns
        -------
        Mapping
            As `ingest.unasked.decide_unasked` does.
        """
        return decide_without_asking(self.result)


@dataclass(frozen=True)
class Answers:
    """What a person said about a list.

    Attributes
    ----------
    decisions
        Key of a question to an id, or ``new``.
    makes
        Items that a buyer makes of whom nothing is known: ids or whole names.
    officer, unit
        Who signs.
    """

    decisions: Mapping[str, str] = field(default_factory=dict)
    makes: tuple[str, ...] = ()
    officer: str = ""
    unit: str = ""


@dataclass(frozen=True)
class ImportOutcome:
    """What became of a list.

    Attributes
    ----------
    upload
        As stored.
    plan
        What was committed; None when all rows wait.
    run_ids
        Runs queued, one for each chain whose facts changed.
    """

    upload: Upload
    plan: ImportPlan | None
    run_ids: tuple[int, ...] = ()


def check_list(
    settings: Settings,
    chain_id: str,
    *,
    content: bytes,
    name: str,
    buyer: str | None = None,
    choice: Choice = AUTOMATIC,
    reader: Reader | None = None,
) -> CheckedList:
    """Check one file, however broken; works without a database too.

    Parameters
    ----------
    settings
        Where database and shipped data are.
    chain_id
        Which chain.
    content, name
        The file; of its name only the ending is looked at, and it is never used as a path.
    buyer
        The firm whose list the whole file is.
    choice
        What a person says about reading it; without it what was said of an earlier list of its kind counts.
    reader
        A reader process to use again.

    Returns
    -------
    CheckedList
        A refusal is a value with one sentence.

    Raises
    ------
    UnknownKeyError
        When other chains are loaded but not this one.
    """
    known = read_known(settings, chain_id)
    result, recalled = check_as_remembered(known, content, name, buyer=buyer, choice=choice, reader=reader)
    earlier = None if known.note else find_earlier(settings, chain_id, result.digest)
    return CheckedList(chain_id, name, buyer, content, result, known, earlier, choice, recalled)


def plan_list(settings: Settings, checked: CheckedList, answers: Answers) -> tuple[ImportPlan, Standing]:
    """Work out what a list would change; nothing is stored.

    Parameters
    ----------
    settings
        Where the database is.
    checked
        The list.
    answers
        What a person said about it.

    Returns
    -------
    tuple
        The plan, and the facts it was worked out on.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded or `makes` names no item.
    """
    with reading(settings) as session:
        require_chain(session, checked.chain_id)
        standing = read_standing(session)
    return _plan(settings, checked, answers, standing), standing


def rehearse_list(settings: Settings, checked: CheckedList, answers: Answers) -> ImportPlan:
    """Work out what a list would change, for its sentences alone: a million waiting rows are only counted.

    Parameters
    ----------
    settings, checked, answers
        As for `plan_list`.

    Returns
    -------
    ImportPlan
        Its `rows` are those whose names are placed; it is not to be committed or scored.
    """
    flags = undecided_rows(checked.result, answers.decisions)
    with reading(settings) as session:
        require_chain(session, checked.chain_id)
        standing = read_standing(session)
    plan = _plan(settings, checked, answers, standing, leave_out=flags)
    return replace(plan, waiting=FlaggedRows(flags, plan.waiting))


def import_list(
    settings: Settings, checked: CheckedList, answers: Answers, *, expected: ImportPlan | None = None
) -> ImportOutcome:
    """Store a list and let its placed rows count: all in one transaction, with the runs that follow.

    Parameters
    ----------
    settings
        Where the database and the kept files are.
    checked
        The list.
    answers
        What a person said about it.
    expected
        The plan that the person saw.

    Returns
    -------
    ImportOutcome
        Rows whose names are not placed wait.

    Raises
    ------
    UploadStateError
        When the file was imported before, with when and by whom.
    StalePreviewError
        When the facts changed since the preview; nothing was stored.
    ChainDataError
        When the file was refused.
    """
    if checked.refused:
        raise ChainDataError(checked.result.message("en"), zh=checked.result.message("zh"))
    keep_file(settings, checked.result.digest, checked.content)
    with attempted(settings, _attempt(checked, answers)) as session:
        # Whoever waited for other writers comes after them: the moment is taken once nobody else writes.
        lock_writers(session)
        now = datetime.now(UTC)
        require_chain(session, checked.chain_id)
        committing.refuse_repeated(session, checked.chain_id, checked.result.digest)
        standing = read_standing(session)
        plan = _plan(settings, checked, answers, standing)
        if expected is not None and not same_facts(plan, expected):
            raise StalePreviewError(
                "the data changed after the preview and nothing was imported; look at the changes again",
                zh="预览之后数据有变化,没有导入任何内容;请重新查看“会改变什么”再确认",
            )
        new = _new_upload(checked, answers)
        bad = checked.result.bad()
        done = committing.commit(session, new, plan, bad=bad, decisions=answers.decisions, at=now)
        remember_choice(session, done.upload.upload_id, checked, officer=answers.officer, at=now)
        runs = queue_affected(session, standing, plan, by=answers.officer, at=now)
    return ImportOutcome(done.upload, plan, runs)


def hold_list(settings: Settings, checked: CheckedList, answers: Answers) -> ImportOutcome:
    """Store a list whose names are to be placed first; no row counts yet.

    Parameters
    ----------
    settings
        Where the database and the kept files are.
    checked
        The list.
    answers
        Who brings it in.

    Returns
    -------
    ImportOutcome
        All rows wait.

    Raises
    ------
    UploadStateError
        When the file was imported before.
    """
    rows = list_rows(checked.result, decisions={})
    keep_file(settings, checked.result.digest, checked.content)
    with attempted(settings, _attempt(checked, answers)) as session:
        require_chain(session, checked.chain_id)
        lock_writers(session)
        new, bad = _new_upload(checked, answers), checked.result.bad()
        upload = committing.hold(session, new, rows, bad=bad, at=datetime.now(UTC))
        remember_choice(session, upload.upload_id, checked, officer=answers.officer, at=datetime.now(UTC))
    return ImportOutcome(upload, None)


def bring_in(settings: Settings, checked: CheckedList, answers: Answers, *, partial: bool) -> ImportOutcome:
    """Import a list as a command does: nobody can be asked.

    Parameters
    ----------
    settings
        Where the database and the kept files are.
    checked
        The list.
    answers
        What the command line says.
    partial
        Whether rows count whose names are known while others wait.

    Returns
    -------
    ImportOutcome
        Without `partial` a list with a name that nobody placed waits as a whole. A buyer like whom nobody
        is known becomes a new firm.
    """
    taken = checked.decide_unasked()
    decided = replace(answers, decisions={**answers.decisions, **taken} if answers.decisions else taken)
    plan, _ = plan_list(settings, checked, decided)
    if not plan.committed or (plan.waiting and not partial):
        return hold_list(settings, checked, decided)
    return import_list(settings, checked, decided)


def _plan(
    settings: Settings,
    checked: CheckedList,
    answers: Answers,
    standing: Standing,
    *,
    leave_out: bytearray | None = None,
) -> ImportPlan:
    origin = ListOrigin(
        digest=checked.result.digest,
        name=checked.name,
        officer=answers.officer,
        unit=answers.unit,
        on=datetime.now(_HOME_ZONE).date(),
        makes=find_items(answers.makes, checked.known.items),
        whole=checked.result.bad_count == 0,
    )
    rows = list_rows(checked.result, decisions=answers.decisions, leave_out=leave_out)
    return plan_import(
        rows, standing.everything, origin=origin, decisions=answers.decisions, regions=load_regions(settings)
    )


def _attempt(checked: CheckedList, answers: Answers) -> Attempt:
    return new_attempt(
        checked.chain_id,
        UploadKind.SUPPLIERS.value,
        name=checked.name,
        digest=checked.result.digest,
        officer=answers.officer,
    )


def _new_upload(checked: CheckedList, answers: Answers) -> NewUpload:
    return NewUpload(
        chain_id=checked.chain_id,
        name=checked.name,
        digest=checked.result.digest,
        size_bytes=len(checked.content),
        buyer=checked.buyer,
        makes=find_items(answers.makes, checked.known.items),
        reading=describe_reading(checked.result),
        officer=answers.officer,
        unit=answers.unit,
    )

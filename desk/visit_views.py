"""A plan of visits in words: firms, questions in both languages, and the verdicts that they settle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.model import Scope
from risk.model import Level
from risk.response.unknowns import Asked

if TYPE_CHECKING:
    from chains.model import ChainRecords, Mode, Supplier
    from desk.output import Cell
    from risk.response.unknowns import Unknown
    from risk.response.visits import Visit, VisitPlan
    from risk.response.worth import Values

VISIT_COLUMNS = (
    "rank",
    "supplier",
    "name_zh",
    "name_en",
    "country",
    "province",
    "city",
    "asked",
    "item",
    "question_zh",
    "question_en",
    "settles",
    "alone",
    "nodes",
    "value",
)
"""One row a question; ``settles``, ``alone`` and ``value`` are those of the firm."""
BRIEF_VISIT_COLUMNS = ("rank", "name_zh", "city", "question_zh", "settles", "alone", "value")


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict that is open.

    Attributes
    ----------
    scope, key, name_zh, name_en
        The first of its nodes.
    also
        ``(scope, key)`` of the other nodes whose stop is the same.
    level_low, level_point, level_high
        Levels at the ends and at the point.
    mode
        The mode whose level is open.
    low, point, high
        The score that decides it, 0 to 1.
    on_stock, point_passes
        As in `risk.response.worth.OpenVerdict`.
    respondents
        ``(supplier id, Chinese name, English name)`` of all who must answer; shorter than `needs` where
        one answers several questions or no firm can.
    needs
        How many unknowns settle it.
    unanswerable
        How many of them no firm can say.
    """

    scope: Scope
    key: str
    name_zh: str
    name_en: str
    also: tuple[tuple[Scope, str], ...]
    level_low: Level
    level_point: Level
    level_high: Level
    mode: Mode
    low: float
    point: float
    high: float
    on_stock: bool
    point_passes: bool
    respondents: tuple[tuple[str, str, str], ...]
    needs: int
    unanswerable: int


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question to one firm.

    Attributes
    ----------
    asked
        Its kind.
    item_id, item_zh, item_en
        About which item.
    zh, en
        The question in words.
    value
        Value of the answer alone, in shares of end output.
    """

    asked: Asked
    item_id: str
    item_zh: str
    item_en: str
    zh: str
    en: str
    value: float


@dataclass(frozen=True, slots=True)
class VisitView:
    """One firm to visit.

    Attributes
    ----------
    supplier_id, name_zh, name_en, country, province, city
        Who.
    questions
        What to ask, the needed first.
    settles
        Verdicts of the plan that need it.
    alone
        How many of them need nobody else.
    value
        Value of all it can say, asked alone, in shares of end output.
    """

    supplier_id: str
    name_zh: str
    name_en: str
    country: str | None
    province: str | None
    city: str | None
    questions: tuple[QuestionView, ...]
    settles: tuple[VerdictView, ...]
    alone: int
    value: float


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan of visits for one chain.

    Attributes
    ----------
    chain_id, horizon, draws, seed
        What it rests on.
    visits
        In the order of the plan.
    decidable, stocks
        Verdicts that become decidable; levels that rest on an assumed stock that is asked for.
    open_verdicts
        How many are open in all.
    proven
        Whether no other choice of as many firms settles more.
    point_past
        Open verdicts whose point value is past a line that the low end is not, widest first.
    """

    chain_id: str
    horizon: int
    draws: int
    seed: int
    visits: tuple[VisitView, ...]
    decidable: tuple[VerdictView, ...]
    stocks: tuple[VerdictView, ...]
    open_verdicts: int
    proven: bool
    point_past: tuple[VerdictView, ...]

    @property
    def questions(self) -> int:
        """How many questions are asked in all."""
        return sum(len(visit.questions) for visit in self.visits)

    @property
    def sentence(self) -> tuple[str, str]:
        """What the plan comes to, in Chinese and in English."""
        firms, questions, count = len(self.visits), self.questions, len(self.decidable)
        if not firms:
            return (
                f"待核实的判断 {self.open_verdicts} 条,走访这些企业定不下任何一条",
                f"{self.open_verdicts} verdicts are open; visits to these firms settle none",
            )
        zh = (
            f"问这 {firms} 家企业 {questions} 个问题,待核实的 {self.open_verdicts} 条判断中"
            f"有 {count} 条可以定下"
        )
        en = (
            f"ask {_count(firms, 'firm')} {_count(questions, 'question')}; {count} of {self.open_verdicts} "
            "open verdicts become decidable"
        )
        if self.stocks:
            zh += f";另有 {len(self.stocks)} 条等级目前取决于假定的库存"
            en += f"; {len(self.stocks)} more levels rest on an assumed stock"
        return zh, en

    def cells(self) -> list[dict[str, Cell]]:
        """One row a question, by the names of `VISIT_COLUMNS`."""
        return [
            {
                "rank": rank,
                "supplier": visit.supplier_id,
                "name_zh": visit.name_zh,
                "name_en": visit.name_en,
                "country": visit.country,
                "province": visit.province,
                "city": visit.city,
                "asked": question.asked.value,
                "item": question.item_id,
                "question_zh": question.zh,
                "question_en": question.en,
                "settles": len(visit.settles),
                "alone": visit.alone,
                "nodes": tuple(f"{one.scope.value}:{one.key}" for one in visit.settles),
                "value": visit.value,
            }
            for rank, visit in enumerate(self.visits, start=1)
            for question in visit.questions
        ]


def read_plan(records: ChainRecords, values: Values, plan: VisitPlan) -> PlanView:
    """Put a plan into words.

    Parameters
    ----------
    records
        Facts of the chain.
    values, plan
        What is unknown, and whom to visit.

    Returns
    -------
    PlanView
        For commands and pages.
    """
    reader = _Reader(records, values)
    past = [number for number, one in enumerate(values.verdicts) if one.point_passes]
    past.sort(key=lambda number: (-round(values.verdicts[number].loss, 9), number))
    return PlanView(
        chain_id=values.chain_id,
        horizon=values.horizon,
        draws=values.draws,
        seed=values.seed,
        visits=tuple(reader.visit(one) for one in plan.visits),
        decidable=tuple(reader.verdict(number) for number in plan.decidable),
        stocks=tuple(reader.verdict(number) for number in plan.stocks),
        open_verdicts=plan.open_verdicts,
        proven=plan.proven,
        point_past=tuple(reader.verdict(number) for number in past),
    )


class _Reader:
    """What a plan looks names up in; lives only inside `read_plan`."""

    def __init__(self, records: ChainRecords, values: Values) -> None:
        self.values = values
        self.items = {item.item_id: item for item in records.items}
        self.firms = {firm.supplier_id: firm for firm in records.suppliers}
        self.worth = values.value_of_unknowns()

    def visit(self, one: Visit) -> VisitView:
        firm = self.firms[one.respondent]
        return VisitView(
            supplier_id=firm.supplier_id,
            name_zh=_zh(firm),
            name_en=firm.name_en,
            country=firm.country,
            province=firm.province,
            city=firm.city,
            questions=tuple(self.question(number) for number in one.unknowns),
            settles=tuple(self.verdict(number) for number in one.settles),
            alone=len(one.alone),
            value=one.value,
        )

    def question(self, number: int) -> QuestionView:
        unknown = self.values.unknowns[number]
        item = self.items[unknown.item_id]
        zh, en = self._words(unknown, item.name_zh or item.name_en, item.name_en)
        value = self.worth.get(number, 0.0)
        return QuestionView(
            unknown.asked, item.item_id, item.name_zh or item.name_en, item.name_en, zh, en, value
        )

    def _words(self, unknown: Unknown, item_zh: str, item_en: str) -> tuple[str, str]:
        sellers = [self.firms[key] for key in unknown.sellers]
        if unknown.asked is Asked.MARKET_SHARE:
            return (
                f"贵公司的{item_zh}占全球市场的多少(百分比,哪一年)?不掌握份额时,请给年产量或年销量",
                f"Share of the world market of {item_en} (percent, which year), or yearly output or sales?",
            )
        if unknown.asked is Asked.PURCHASE_SHARES:
            names_zh, names_en = "、".join(map(_zh, sellers)), ", ".join(firm.name_en for firm in sellers)
            return (
                f"贵公司采购的{item_zh}中,{names_zh}各占多少(百分比)?名单之外还有别的供应商吗?",
                f"How much of its {item_en} does the company buy from {names_en} (percent)? Anybody else?",
            )
        return (
            f"贵公司的{item_zh}库存够正常用多少天?",
            f"For how many days of normal use does the company's stock of {item_en} last?",
        )

    def verdict(self, number: int) -> VerdictView:
        one = self.values.verdicts[number]
        scope, key = one.nodes[0]
        name_zh, name_en = self._node_names(scope, key)
        asked = [self.values.unknowns[need].respondent for need in one.needs]
        firms = [self.firms[name] for name in sorted({name for name in asked if name is not None})]
        return VerdictView(
            scope=scope,
            key=key,
            name_zh=name_zh,
            name_en=name_en,
            also=one.nodes[1:],
            level_low=one.level_low,
            level_point=one.level_point,
            level_high=one.level_high,
            mode=one.mode,
            low=one.low,
            point=one.point,
            high=one.high,
            on_stock=one.on_stock,
            point_passes=one.point_passes,
            respondents=tuple((firm.supplier_id, _zh(firm), firm.name_en) for firm in firms),
            needs=len(one.needs),
            unanswerable=sum(name is None for name in asked),
        )

    def _node_names(self, scope: Scope, key: str) -> tuple[str, str]:
        firm = self.firms.get(key) if scope in {Scope.SUPPLIER, Scope.PARENT} else None
        plain = key.rpartition("/")[2]
        return (_zh(firm), firm.name_en) if firm else (plain, plain)


def _zh(firm: Supplier) -> str:
    return firm.name_zh or firm.name_en


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"

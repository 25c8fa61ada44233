"""The columns of the other lists: header matching, parsing, templates and help follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Reading(StrEnum):
    """How the text of a cell becomes a value."""

    TEXT = "text"
    NOTE = "note"
    NUMBER = "number"
    DAYS = "days"
    DATE = "date"
    FRACTION = "fraction"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of a list.

    Attributes
    ----------
    name
        Field name in results, stable.
    reading
        How cells are read.
    label_zh, label_en
        Header of the template.
    aliases
        Further headers, compared by `ingest.headers.header_key`.
    help_zh, help_en
        What to write.
    required
        Whether a row without it is bad.
    words
        For `Reading.WORD`: what may be written to the value it means; the first words of a value are those
        of the template.
    """

    name: str
    reading: Reading
    label_zh: str
    label_en: str
    aliases: tuple[str, ...]
    help_zh: str
    help_en: str
    required: bool = False
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def label(self, language: str) -> str:
        """Return the header in the given language.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            The label of the template.
        """
        return self.label_en if language == "en" else self.label_zh


FIVE_BASE_WORDS: Final = (
    ("basic_component", ("基础零部件和元器件", "基础零部件", "核心基础零部件", "基础零部件元器件", "零部件",
                         "元器件", "basic components", "component")),
    ("basic_material", ("基础材料", "关键基础材料", "材料", "basic materials", "material")),
    ("industrial_software", ("工业基础软件", "基础软件", "工业软件", "软件", "industrial software",
                             "software")),
    ("basic_process_equipment", ("基础制造工艺及装备", "基础工艺", "先进基础工艺", "基础制造工艺和装备",
                                 "工艺及装备", "装备", "process equipment", "equipment")),
    ("technology_platform", ("产业技术基础", "技术基础", "technology platform", "platform")),
)  # fmt: skip
DEPENDENCE_WORDS: Final = (
    ("high", ("高", "high")),
    ("medium", ("中", "medium")),
    ("low", ("低", "low")),
)
STATUS_WORDS: Final = (
    ("open", ("未突破", "待攻关", "open")),
    ("tackling", ("攻关中", "正在攻关", "tackling")),
    ("domestic_trial", ("国产验证", "首批次应用", "首台套", "试用", "domestic trial")),
    ("substituted", ("已替代", "国产替代", "substituted")),
)
SCOPE_WORDS: Final = (
    ("country", ("国家", "国家或地区", "国家/地区", "country")),
    ("province", ("省", "省份", "province")),
    ("city", ("市", "城市", "city")),
    ("parent", ("集团", "group", "parent")),
    ("supplier", ("企业", "公司", "工厂", "supplier", "firm", "company")),
    ("item", ("物料", "环节", "物料/环节", "产品", "item")),
)

BOTTLENECKS: Final = (
    ListColumn(
        "name_zh", Reading.TEXT, "条目名称", "Item (Chinese)",
        ("条目", "名称", "卡脖子条目", "卡脖子技术", "短板名称", "短板", "技术名称", "产品名称", "项目名称",
         "name", "item name", "bottleneck"),
        "条目的正式名称,不可重复。", "The item's official name; no two rows may have the same.",
        required=True,
    ),
    ListColumn(
        "five_base", Reading.WORD, "五基类别", "Five-base class",
        ("五基", "类别", "五基分类", "所属类别", "class", "five base"),
        "基础零部件和元器件、基础材料、工业基础软件、基础制造工艺及装备、产业技术基础 之一。",
        "basic components, basic materials, industrial software, process equipment or technology platform.",
        required=True, words=FIVE_BASE_WORDS,
    ),
    ListColumn(
        "bottleneck_id", Reading.TEXT, "编号", "Number", ("序号", "条目编号", "no", "no.", "id"),
        "清单自己的编号;不写则按行编号。", "The list's own number; left blank, rows are numbered.",
    ),
    ListColumn(
        "name_en", Reading.TEXT, "英文名称", "Item (English)", ("英文名", "english name"),
        "可不填。", "Optional.",
    ),
    ListColumn(
        "chain", Reading.TEXT, "产业链", "Chain", ("所属产业链", "链条", "所属链", "industry chain"),
        "产业链编号或名称。", "Id or name of the chain.",
    ),
    ListColumn(
        "item", Reading.TEXT, "对应物料", "Graph item", ("对应物料或环节", "对应环节", "图中物料", "item"),
        "产业链图中的物料或环节名称;对不上则留空显示。", "Name of an item of a loaded chain.",
    ),
    ListColumn(
        "foreign_dependence", Reading.WORD, "对外依存", "Foreign dependence",
        ("对外依存度", "依存度", "受制程度", "dependence"),
        "高、中 或 低。", "high, medium or low.", words=DEPENDENCE_WORDS,
    ),
    ListColumn(
        "main_foreign_suppliers", Reading.NOTE, "境外主要供给方", "Main foreign suppliers",
        ("主要境外供应商", "国外主要供应商", "境外供应商", "foreign suppliers"),
        "国家或企业,以分号分隔。", "Countries or firms, separated by semicolons.",
    ),
    ListColumn(
        "status", Reading.WORD, "状态", "Status", ("攻关状态", "进展", "state"),
        "未突破、攻关中、国产验证 或 已替代;不填按未突破。",
        "open, tackling, domestic trial or substituted; blank means open.", words=STATUS_WORDS,
    ),
    ListColumn("note", Reading.NOTE, "备注", "Note", ("说明", "remark", "remarks"), "可不填。", "Optional."),
)  # fmt: skip

DEMAND: Final = (
    ListColumn(
        "who", Reading.TEXT, "需求方", "Who needs it",
        ("需求单位", "需求企业", "采购方", "采购企业", "需方", "企业名称", "单位名称", "用户单位", "who",
         "buyer", "needed by firm"),
        "需要这种物料的企业全称。", "Full name of the firm that needs it.", required=True,
    ),
    ListColumn(
        "item", Reading.TEXT, "需求物料", "What is needed",
        ("物料", "物料名称", "产品或物料", "需求产品", "产品", "产品名称", "品名", "需求内容", "item",
         "product", "material"),
        "产业链上的物料或环节名称。", "Name of an item of the chain.", required=True,
    ),
    ListColumn(
        "quantity", Reading.NUMBER, "数量", "Quantity", ("需求量", "需求数量", "年需求量", "amount"),
        "数字,例如 12000 或 1.2万。", "A number.",
    ),
    ListColumn(
        "unit", Reading.TEXT, "单位", "Unit", ("计量单位", "uom"), "数量的单位。", "Unit of the quantity.",
    ),
    ListColumn(
        "needed_on", Reading.DATE, "需要日期", "Needed by",
        ("需求日期", "需要时间", "需求时间", "最迟日期", "截止日期", "到货日期", "交付日期", "by when", "due",
         "due date", "needed on"),
        "最迟哪一天要到,例如 2026-12-31。", "The latest day, for example 2026-12-31.", required=True,
    ),
    ListColumn("note", Reading.NOTE, "备注", "Note", ("说明", "remark", "remarks"), "可不填。", "Optional."),
)  # fmt: skip

EVENTS: Final = (
    ListColumn(
        "what", Reading.TEXT, "事件", "What happened",
        ("事件名称", "断供事件", "扰动事件", "事由", "事件描述", "event", "what", "disruption"),
        "一句话说明,例如 地震停产。", "In a few words, for example plant stopped by an earthquake.",
        required=True,
    ),
    ListColumn(
        "where", Reading.TEXT, "地点或对象", "Where",
        ("地点", "对象", "发生地", "受影响对象", "影响范围", "国家/省/市/企业", "where", "place", "target"),
        "国家或地区、省、市、企业、集团或物料的名称。",
        "Name of a country, province, city, firm, group or item.", required=True,
    ),
    ListColumn(
        "scope", Reading.WORD, "对象类型", "Kind of target", ("类型", "范围类型", "scope", "kind"),
        "国家、省、市、集团、企业 或 物料;同名时必须写明。",
        "country, province, city, group, firm or item; needed where one name means several.",
        words=SCOPE_WORDS,
    ),
    ListColumn(
        "starts_on", Reading.DATE, "开始日期", "From when",
        ("起始日期", "开始时间", "发生日期", "发生时间", "日期", "from", "from when", "start", "start date"),
        "例如 2026-11-20。", "For example 2026-11-20.", required=True,
    ),
    ListColumn(
        "days", Reading.DAYS, "持续天数", "How long (days)",
        ("持续时间", "持续", "持续(天)", "预计持续", "停产天数", "时长", "how long", "duration", "days"),
        "日历天数;不知道则留空,推演到期末。", "Calendar days; blank when nobody knows.",
    ),
    ListColumn(
        "severity", Reading.FRACTION, "影响程度", "Severity",
        ("强度", "停产比例", "影响比例", "减产比例", "severity", "loss"),
        "停下的比例,例如 100% 或 50%;不填按 100%。",
        "The share that stops, for example 50%; blank means 100%.",
    ),
    ListColumn(
        "note", Reading.NOTE, "备注", "Note", ("说明", "来源", "remark", "source"), "可不填。", "Optional.",
    ),
)  # fmt: skip

LIST_COLUMNS: Final[dict[str, tuple[ListColumn, ...]]] = {
    "bottlenecks": BOTTLENECKS,
    "demand": DEMAND,
    "events": EVENTS,
}
LIST_TITLES: Final[dict[str, tuple[str, str]]] = {
    "bottlenecks": ("卡脖子清单", "Bottleneck items"),
    "demand": ("需求清单", "Demand list"),
    "events": ("断供事件", "Disruption events"),
}
LIST_LABELS: Final[dict[str, tuple[str, str]]] = {
    f"{kind}.{column.name}": (column.label_zh, column.label_en)
    for kind, columns in LIST_COLUMNS.items()
    for column in columns
}

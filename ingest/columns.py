"""COLUMNS, the one list of upload columns: header matching, parsing, templates and help follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Parser(StrEnum):
    """How the text of a cell becomes a value."""

    TEXT = "text"
    CODE = "code"
    COUNTRY = "country"
    FRACTION = "fraction"
    NUMBER = "number"
    DAYS = "days"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a supplier list.

    Attributes
    ----------
    name
        Field name in results, stable.
    parser
        How cells are read.
    unit
        Unit of the value out; empty for text.
    label_zh, label_en
        Header of the template.
    aliases
        Further headers, compared by `ingest.headers.header_key`.
    target
        Where the value goes: ``Class.field`` of `chains.model`, or ``row`` for values kept with the row.
    help_zh, help_en
        What to write, for the template and the page.
    required
        Whether a row without it is bad.
    maximum
        Largest value accepted, in `unit`; None for no limit.
    """

    name: str
    parser: Parser
    unit: str
    label_zh: str
    label_en: str
    aliases: tuple[str, ...]
    target: str
    help_zh: str
    help_en: str
    required: bool = False
    maximum: float | None = None

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


COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "supplier", Parser.TEXT, "", "供应商名称", "Supplier",
        ("供应商", "供应商全称", "企业名称", "企业全称", "公司名称", "供货单位", "供货商", "供货商名称",
         "供应单位", "供方",
         "供方名称", "供应企业", "供货企业", "厂商", "厂商名称", "生产企业", "生产厂家", "supplier name",
         "supplier_name",
         "suppliers", "vendor", "vendor name", "vendor_name", "company", "company name"),
        "Supplier.name_zh",
        "营业执照上的全称。合并单元格计入所覆盖的每一行。",
        "Full legal name. A merged cell counts for each row it covers.",
        required=True,
    ),
    Column(
        "item", Parser.TEXT, "", "产品或物料", "Item",
        ("物料名称", "物料", "产品名称", "产品", "供应产品", "供应物料", "供货产品", "采购物料", "采购产品",
         "零部件",
         "零部件名称", "零件", "零件名称", "品名", "品名称", "产品/物料", "产品或物料名称", "材料名称",
         "item name", "item_name",
         "items", "product", "product name", "product_name", "material", "material name", "part", "part name",
         "component"),
        "Item.item_id",
        "产业链上的物料或环节名称,例如 光刻胶。", "Name of an item of the chain, for example Photoresists.",
        required=True,
    ),
    Column(
        "uscc", Parser.CODE, "", "统一社会信用代码", "USCC",
        ("信用代码", "社会信用代码", "统一信用代码", "统一社会信用码", "企业信用代码", "credit code",
         "credit_code",
         "unified social credit code", "social credit code"),
        "row",
        "18 位,以文本填写。", "18 characters, typed as text.",
    ),
    Column(
        "buyer", Parser.TEXT, "", "采购方", "Buyer",
        ("采购企业", "采购单位", "采购方名称", "采购企业名称", "采购商", "需方", "需方名称", "需求方", "买方",
         "buyer name",
         "buyer_name", "purchaser", "customer"),
        "Purchase.buyer_id",
        "这份清单属于哪家企业;整份清单同属一家时可在上传时填写。",
        "The firm whose list it is; may be given for the whole file.",
    ),
    Column(
        "country", Parser.COUNTRY, "ISO 3166-1 alpha-3", "国家或地区", "Country",
        ("国家", "国家/地区", "国家及地区", "国家(地区)", "所在国家", "所属国家", "国别", "国别/地区",
         "国家地区",
         "country/region", "country or region", "nation"),
        "Supplier.country",
        "常用名称或三字母代码,例如 日本、JPN。", "Common name or three-letter code, for example Japan, JPN.",
    ),
    Column(
        "province", Parser.TEXT, "", "省份", "Province",
        ("省", "所在省份", "所在省", "所属省份", "省市区", "省/自治区/直辖市", "state", "province/state"),
        "Supplier.province",
        "供应商工厂所在的省份。", "Province of the supplier's plant.",
    ),
    Column(
        "city", Parser.TEXT, "", "城市", "City",
        ("市", "所在城市", "所在市", "所属城市", "地市", "地级市", "town"),
        "Supplier.city",
        "供应商工厂所在的城市。", "City of the supplier's plant.",
    ),
    Column(
        "share", Parser.FRACTION, "0 to 1", "市场份额", "Share",
        ("供货占比", "采购占比", "份额", "占比", "供应占比", "供货比例", "采购比例", "供应份额", "供货份额",
         "采购份额",
         "市场占有率", "市占率", "%", "百分比", "market share", "market_share", "supply share", "percent",
         "percentage"),
        "Purchase.share",
        "有采购方时是占该企业需求的比例,没有时是市场份额。建议写 35%;0.35 也可以,但一列里不要混用。",
        "With a buyer the share of its need, else of the market. Write 35%; 0.35 works too, but do not mix.",
        maximum=1.0,
    ),
    Column(
        "capacity", Parser.NUMBER, "as in `unit`", "产能", "Capacity",
        ("年产能", "设计产能", "生产能力", "供应能力", "annual capacity", "production capacity"),
        "row",
        "数字,例如 12000 或 1.2万;单位写在单位列。",
        "A number, for example 12000; its unit stands in the unit column.",
        maximum=1e15,
    ),
    Column(
        "unit", Parser.TEXT, "", "单位", "Unit",
        ("产能单位", "计量单位", "capacity unit", "capacity_unit", "uom"),
        "row",
        "产能的单位,例如 吨/年。", "Unit of the capacity, for example t/year.",
    ),
    Column(
        "lead_time_days", Parser.DAYS, "days", "交期(天)", "Lead time (days)",
        ("交付周期", "交期", "交货期", "交货周期", "供货周期", "交货天数", "交期天数", "lead time",
         "lead_time", "lead_time_days",
         "lead time days", "leadtime", "delivery time"),
        "row",
        "从下单到到货的日历天数;4周 计为 28 天,工作日不接受。",
        "Calendar days from order to arrival; 4 weeks count as 28.",
        maximum=3650.0,
    ),
    Column(
        "stock_days", Parser.DAYS, "days", "库存天数", "Stock days",
        ("安全库存(天)", "安全库存天数", "库存(天)", "库存可用天数", "stock_days", "stock (days)",
         "safety stock (days)",
         "safety stock days", "inventory days"),
        "Purchase.stock_days",
        "现有库存按正常用量可用的天数。", "Days of normal use that the stock lasts.",
    ),
    Column(
        "spare", Parser.FRACTION, "0 to 1 of the need", "备用产能占比", "Spare",
        ("可增供比例", "备用产能比例", "可增产比例", "增供比例", "备用比例", "spare share", "spare ratio"),
        "Purchase.spare",
        "该供应商还能增供的量占需求的比例,例如 20%。",
        "What the supplier can add, as a share of the need, for example 20%.",
        maximum=1.0,
    ),
    Column(
        "qualified", Parser.STATUS, "", "认证状态", "Qualified",
        ("是否认证", "是否已认证", "是否通过认证", "认证情况", "认证", "资格认证", "合格供应商",
         "qualification",
         "qualification status", "qualified?"),
        "Purchase.qualified",
        "是、否 或 认证中。", "yes, no or in progress.",
    ),
    Column(
        "qualification_days", Parser.DAYS, "days", "认证周期(天)", "Qualification days",
        ("认证周期", "认证天数", "导入周期", "qualification_days", "qualification time (days)"),
        "Purchase.qualification_days",
        "完成认证需要的日历天数。", "Calendar days that qualification takes.",
    ),
)  # fmt: skip

REQUIRED: Final[tuple[str, ...]] = tuple(column.name for column in COLUMNS if column.required)
COLUMN_OF: Final[dict[str, Column]] = {column.name: column for column in COLUMNS}

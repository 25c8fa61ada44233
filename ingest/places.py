"""Places in firms' names: in front (江苏…), in brackets (…(上海)…), as a word (… Europe)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

# Prefectures, and the counties that firms carry in their names. A municipality is its own city.
CITIES_OF_PROVINCE: Final = {
    "北京": "中关村 亦庄", "上海": "浦东 张江 临港 松江 嘉定", "天津": "滨海", "重庆": "涪陵 万州 两江",
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 雄安",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛",
    "吉林": "长春 四平 辽源 通化 白山 松原 白城 延边",
    "黑龙江": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化",
    "江苏": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 江阴 宜兴 昆山 太仓 常熟"
    " 张家港 吴江 丹阳 句容 靖江 泰兴 如皋 海安 启东 海门 溧阳 金坛 仪征 高邮 东台 邳州 新沂",
    "浙江": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 余姚 慈溪 诸暨 海宁 桐乡 平湖 嘉善"
    " 德清 长兴 上虞 东阳 永康 乐清 瑞安 温岭",
    "安徽": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 晋江 福清",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "河南": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源",
    "湖北": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门",
    "湖南": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 浏阳",
    "广东": "广州 深圳 珠海 汕头 佛山 韶关 湛江 肇庆 江门 茂名 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州"
    " 揭阳 云浮 顺德",
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南": "海口 三亚 三沙 儋州", "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁",
    "四川": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 大理", "西藏": "拉萨 日喀则 昌都 林芝",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 杨凌 西咸",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南", "青海": "西宁 海东",
    "宁夏": "银川 石嘴山 吴忠 固原 中卫",
    "新疆": "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 石河子 阿克苏 喀什 伊犁",
    "台湾": "台北 新北 桃园 台中 台南 高雄 新竹 苗栗", "香港": "", "澳门": "",
}  # fmt: skip
ABROAD: Final = (
    "中国", "日本", "韩国", "美国", "德国", "新加坡", "马来西亚", "欧洲", "亚洲", "亚太", "大中华", "北美",
    "荷兰", "法国", "英国", "印度", "越南", "泰国", "菲律宾", "以色列", "意大利", "瑞士", "加拿大", "墨西哥",
    "爱尔兰",
)  # fmt: skip
PROVINCE_OF_CITY: Final = {
    city: province for province, cities in CITIES_OF_PROVINCE.items() for city in cities.split()
}
PLACES: Final = frozenset([*CITIES_OF_PROVINCE, *PROVINCE_OF_CITY, *ABROAD])
LONGEST_PLACE: Final = max(map(len, PLACES))
ENDINGS: Final = (
    "维吾尔自治区", "回族自治区", "壮族自治区", "特别行政区", "自治区", "自治州", "高新区", "开发区",
    "新区", "省", "市", "县", "区",
)  # fmt: skip
WORDS_IN_ENGLISH: Final = frozenset(
    """
    china chinese japan korea america americas usa us europe european asia asian pacific apac emea
    taiwan singapore malaysia germany deutschland france italy uk india vietnam thailand philippines
    israel austria swiss switzerland canada mexico brasil brazil ireland netherlands belgium hungary
    poland czech hongkong shanghai beijing tianjin chongqing shenzhen suzhou wuxi nanjing changzhou
    nantong hangzhou ningbo hefei wuhan chengdu xian xiamen qingdao dalian guangzhou dongguan kunshan
    jiangyin zhuhai jiangsu zhejiang anhui guangdong guangxi shandong shanxi shaanxi fujian hubei hunan
    henan hebei hainan sichuan jiangxi liaoning jilin heilongjiang yunnan guizhou gansu qinghai ningxia
    xinjiang tibet yangzhou zhenjiang taizhou xuzhou yancheng huaian lianyungang suqian chuzhou jiaxing
    huzhou shaoxing wenzhou jinhua changsha zhengzhou jinan yantai weihai shenyang changchun harbin
    taiyuan kunming guiyang osaka kyoto kyushu nagoya hsinchu kaohsiung tainan taichung taoyuan dresden
    penang texas arizona california oregon
    """.split()  # noqa: SIM905 - a text is easier to read and extend than ninety quoted words
)


def home_of(place: str) -> str:
    """Tell the province of a city; any other place is its own.

    Parameters
    ----------
    place
        Of `PLACES`.

    Returns
    -------
    str
        A province or the place itself.

    Examples
    --------
    >>> home_of("无锡"), home_of("江苏"), home_of("日本")
    ('江苏', '江苏', '日本')
    """
    return PROVINCE_OF_CITY.get(place, place)


@lru_cache(maxsize=4096)
def find_place(text: str) -> str | None:
    """Read a text that is a place and nothing else.

    Parameters
    ----------
    text
        A key, such as ``无锡市``.

    Returns
    -------
    str or None
        Of `PLACES`; None for any other text.

    Examples
    --------
    >>> find_place("无锡市"), find_place("中国台湾"), find_place("先进封装")
    ('无锡', '台湾', None)
    """
    if text in PLACES:
        return text
    for ending in ENDINGS:
        if text.endswith(ending) and text.removesuffix(ending) in PLACES:
            return text.removesuffix(ending)
    inner = text.removeprefix("中国")
    return find_place(inner) if inner and inner != text else None


def leading_place(text: str) -> tuple[str, str]:
    """Take one place off the front of a text.

    Parameters
    ----------
    text
        A key of a firm's name.

    Returns
    -------
    tuple[str, str]
        The place, empty when there is none, and what follows it.

    Examples
    --------
    >>> leading_place("江苏省无锡市某某"), leading_place("长电科技")
    (('江苏', '无锡市某某'), ('', '长电科技'))
    """
    for length in range(min(LONGEST_PLACE, len(text) - 1), 1, -1):
        if text[:length] in PLACES:
            rest = text[length:]
            ending = next((each for each in ENDINGS if rest.startswith(each) and len(rest) > len(each)), "")
            return text[:length], rest.removeprefix(ending)
    return "", text


def places_agree(named: frozenset[str], known: frozenset[str]) -> bool:
    """Tell whether the places in a name can be those of a firm.

    Parameters
    ----------
    named, known
        Of `PLACES`; both with members.

    Returns
    -------
    bool
        False when a city is named and another is known, or the provinces differ.

    Examples
    --------
    >>> places_agree(frozenset({"江苏"}), frozenset({"江苏", "无锡"}))
    True
    >>> places_agree(frozenset({"苏州"}), frozenset({"江苏", "无锡"}))
    False
    """
    for place in named:
        cities = {other for other in known if home_of(other) == home_of(place) and other in PROVINCE_OF_CITY}
        if home_of(place) not in set(map(home_of, known)):
            return False
        if place in PROVINCE_OF_CITY and cities and place not in cities:
            return False
    return True

"""Take a pasted text apart: name, phone and postcode in any order around the address.

Everything that was written stands in exactly one of the four, but for labels (收货人：) and separators.
Source: capabilities.md section 2, edge cases: a phone number, a name or a note inside the address.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from app.domain.address import read_tidied
from app.domain.characters import ODD_SIGNS, folded, half_width, tidied
from app.domain.gazetteer import Gazetteer
from app.domain.reading import Reading

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任"
    "袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋"
    "茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣"
    "贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮储靳邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁"
    "仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦"
    "雍桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧利师巩聂"
    "晁勾敖融冷訾辛阚那简饶空曾沙鞠丰关蒯相查荆红游竺权盖岳帅缑亢况后有琴商牟佘佴伯赏墨哈谯笪年爱阳佟肖覃辜涂占闫付代兰楚候苟"
)
DOUBLE_SURNAMES = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "慕容",
        "司徒",
        "夏侯",
        "端木",
        "南宫",
    )
)
TITLES = r"(?:先生|女士|小姐|老师|同学|经理|老板|师傅|阿姨|大哥|大姐|医生|总)"
GAP = "\n"
"""Stands where something was taken out: whatever stood on both sides never grows together."""

HOLE = re.compile(r"[(（][\s,，;；、|:]*\n[\s,，;；、|:]*[)）]|[\s,，;；、|:]*\n[\s,，;；、|:]*")
FOUR_FIGURES = re.compile(r"\d{4}")
"""Neither a phone number nor a postal code does without."""
SIGNS = r"\s,，;；、|:：收*"
SIGN, SIGN_OR_ODD = re.compile(f"[{SIGNS}]"), re.compile(f"[{SIGNS}{ODD_SIGNS}]")
SIX_FIGURES = re.compile(r"\d[\d\-]{5}")
"""A text with neither of them is an address and nothing else."""
MOBILE = r"1[3-9]\d[\s\-]?(?:\d{4}|\*{4})[\s\-]?\d{4}(?:\s*(?:转|[-_#])\s*\d{1,6}(?!\d))?"
LANDLINE = r"0\d{2,3}[\s\-]\d{7,8}(?:\s*(?:转|-)\s*\d{1,6}(?!\d))?|(?:400|800)[\s\-]?\d{3,4}[\s\-]?\d{3,4}"
PHONE = re.compile(rf"(?<![\d\-A-Za-z])(?:\(?\+?(?:0086|86)\)?[\s\-]*)?(?:{MOBILE}|{LANDLINE})(?![\d])")
LOOSE_PHONE = re.compile(r"(?<![^\s,，;；、|])(?:\d{10,13}|0\d{2,3}-\d{4,9})(?![^\s,，;；、|])")
"""A number that can be nothing but a phone, and is none: a digit lacks or is too many."""
MOBILE_HYPHENS = re.compile(r"^(\d{3})-?([\d*]{4})-?(\d{4})")
LABELLED_PHONE = re.compile(
    r"(?:手[机機]号?[码碼]?|[电電][话話]号?[码碼]?|[联聯][系繫络絡](?:[电電][话話]|方式)|收[件货貨]人?[电電][话話]|tel|mobile)[^\S\n]*[:：]?[^\S\n]*(?=[+(\d])",
    re.IGNORECASE,
)
NAME_LABEL = re.compile(
    r"(?:收[货貨件](?:人|姓名)|[联聯][系繫络絡]人|姓名|名字)[^\S\n]*[:：][^\S\n]*([^\s,，;；:：|]{1,20})"
)
POSTCODE_LABEL = re.compile(r"(?:邮政编码|邮编)[^\S\n]*[:：]?[^\S\n]*(\d{6})(?!\d)")
BARE_POSTCODE = re.compile(r"(?:(?<=[\s,，;；、|])|^)(\d{6})(?=[\s,，;；、|]|$)")
LEADING_POSTCODE = re.compile(r"^\s*(\d{6})(?=[\u3400-\u9fff])")
LEAD = re.compile(
    r"(?:\s*(?:(?:null|none|undefined|nan|n/a)(?![a-z])|-{2,}|\d{1,2}\s*[.、)）](?!\d)"
    r"|[(（【\[](?:家里?|公司|单位|学校|默认|常用|办公室?)(?:地址)?[)）】\]]"
    r"|(?:家里?|公司|单位|学校|默认|常用|办公室?)(?:地址)?[\s:：]|默认(?:地址)?"
    r"|(?:麻烦|请|帮忙|帮我|改|直接)*(?:您|你)?(?:寄|送|发|改)(?:货|件)?(?:成|到|至|往|去|给)[:：]?|请发"
    r"|(?:我(?:家|们|公司)?的?|新|旧|收货|收件|收貨|收件|详细|詳細|送货|送貨|改|公司|家庭)?地址\s*(?:是|为|為|[:：]|\d[:：]|\s))"
    r"[\s,，:：]*)+",
    re.IGNORECASE,
)
"""What people and programs write before an address, and what says nothing about it."""
LEADS = frozenset(" \t\r\n\u3000nNuU-0123456789(（【[家公单学默常办麻请帮改直您你寄送发我新旧收详詳地")
"""What such words begin with."""
OTHER_LABEL = re.compile(
    r"(?:收货人?信息|所在地区|所在区域|所在省市|详细地址|街道地址|收货地址|收件地址|送货地址|配送地址|收件信息|地址|地区)"
    r"[^\S\n]*[:：][^\S\n]*"
)
TO_HIM = re.compile(r"[（(]?([\u4e00-\u9fff]{2,4})[^\S\n]*[（(]?收[)）]?(?=[\s,，;；、|]|$)")
WORD = re.compile(r"[^\s,，;；、|:]+")
HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]\*{1,3}|[\u4e00-\u9fff]{1,2}\*[\u4e00-\u9fff]?")
POLITE_NAME = re.compile(rf"[\u4e00-\u9fff]{{1,3}}{TITLES}")
LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z'.\-]{1,20}")
PLACE_LIKE = re.compile(
    r".*(?:[省市区县州旗盟镇乡村路街巷弄号楼栋幢层室座园苑庄厦场店厂桥里湾城]|街道|小区|大道|中心|公司|广场)"
)
EDGES = " \t\r\n\u3000,，;；、|:：。."


class Pasted(NamedTuple):
    """A pasted text in its four parts; what is not there is empty."""

    address: str
    name: str
    phone: str
    postcode: str


def read_pasted(text: str, gazetteer: Gazetteer, country: str = "CN") -> tuple[Reading, Pasted]:
    """Take a pasted text apart and read the address in it."""
    pasted = take_apart(text, gazetteer)
    reading = read_tidied(
        pasted.address, gazetteer, postcode=pasted.postcode, phone=pasted.phone, country=country
    )
    return reading, pasted


def take_apart(text: str, gazetteer: Gazetteer) -> Pasted:
    """Find name, phone and postcode in a text; the rest, in its order, is the address."""
    is_odd = SIGN_OR_ODD.search(text) is not None
    if is_odd:
        text = tidied(text)
    if text[:1] in LEADS and (lead := LEAD.match(text)):
        text = text[lead.end() :]
    if not ((is_odd and SIGN.search(text)) or SIX_FIGURES.search(text)):
        return Pasted(text, "", "", "")
    rest, phone, postcode, name = half_width(text), "", "", ""
    if FOUR_FIGURES.search(rest):
        rest, phone = _phone(rest)
        rest, postcode = _postcode(rest)
    if ":" in rest:
        rest, name = _taken(rest, NAME_LABEL)
        rest = OTHER_LABEL.sub(GAP, rest)
    if not name:
        rest, name = _name(rest, gazetteer, has_phone=bool(phone))
    if not (name or phone or postcode or GAP in rest):
        return Pasted(text, "", "", "")
    return Pasted(HOLE.sub(" ", rest).strip(EDGES), name, phone, postcode)


def _phone(text: str) -> tuple[str, str]:
    found = PHONE.search(text) or LOOSE_PHONE.search(text)
    if found is None:
        return text, ""
    start = found.start()
    for label in LABELLED_PHONE.finditer(text, 0, found.end()):
        if label.end() == found.start():
            start = label.start()
    number = re.sub(r"[^\S\n]", "", found[0])
    if mobile := re.fullmatch(r"\(?\+?(?:0086|86)?\)?-?(1[3-9].*)", number):
        number = MOBILE_HYPHENS.sub(r"\1\2\3", mobile[1])
    return text[:start] + GAP + text[found.end() :], number


def _postcode(text: str) -> tuple[str, str]:
    for pattern in (POSTCODE_LABEL, BARE_POSTCODE, LEADING_POSTCODE):
        rest, postcode = _taken(text, pattern)
        if postcode:
            return rest, postcode
    return text, ""


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, str]:
    found = pattern.search(text)
    if found is None:
        return text, ""
    return text[: found.start()] + GAP + text[found.end() :], found[1]


def _name(text: str, gazetteer: Gazetteer, *, has_phone: bool) -> tuple[str, str]:
    """Find who takes it in: "张三收", else a word of its own at either end or beside the phone."""
    for found in TO_HIM.finditer(text) if "收" in text else ():
        for length in (4, 3, 2):
            name = found[1][-length:]
            if len(name) == length and _is_name(name, gazetteer):
                start = found.end(1) - length
                start -= text[:start].endswith("(")
                return text[:start] + GAP + text[found.end() :], name
    if has_phone and (length := _leading_name(text, gazetteer)):
        return GAP + text[length:], text[:length]
    words = [word.span() for word in WORD.finditer(text)]
    if len(words) < 2:
        return text, ""
    gap = text.find(GAP) if has_phone else -1
    beside = [span for span in words if gap >= 0 and (span[1] <= gap or span[0] > gap)]
    near = sorted(beside, key=lambda span: min(abs(span[1] - gap), abs(span[0] - gap)))[:2]
    for start, end in dict.fromkeys([*near, words[0], words[-1]]):
        word = text[start:end]
        is_first = (start, end) == words[0]
        if POLITE_NAME.fullmatch(word) or (
            (has_phone or is_first)
            and _is_name(word, gazetteer)
            and (has_phone or gazetteer.mentions(text[words[1][0] : words[1][1]]))
        ):
            return text[:start] + GAP + text[end:], word
        if has_phone and LATIN_NAME.fullmatch(word) and (start, end) in near and not word.isupper():
            return text[:start] + GAP + text[end:], word
    return text, ""


def _leading_name(text: str, gazetteer: Gazetteer) -> int:
    """Tell how long the name is that is glued to the head of an address: 张三 of 张三浙江省杭州市."""
    for start, _, word in gazetteer.mentions(folded(text[:12])):
        if start == 0 or word.full:
            return start if 2 <= start <= 4 and _is_name(text[:start], gazetteer) else 0
    return 0


def _is_name(word: str, gazetteer: Gazetteer) -> bool:
    if not HAN_NAME.fullmatch(word) or gazetteer.meaning(word) or PLACE_LIKE.fullmatch(word):
        return False
    if "*" in word or word[:2] in DOUBLE_SURNAMES:
        return True
    return folded(word[0]) in SURNAMES and len(word) <= 3

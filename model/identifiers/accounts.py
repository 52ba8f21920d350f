"""Accounts: banks by check digit or label, e-mail, WeChat and QQ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.identifiers.checkdigits import luhn
from gongkai.model.identifiers.digits import Scan, bare, before, lookalike, marked
from gongkai.model.identifiers.identity import ID_LABEL

BANK = re.compile(
    r"(?<![0-9A-Za-z])(?:[3-9]\d{3}(?:[ \-·]{0,2}\n?\d{4}){2,3}(?:[ \-·]{0,2}\d{1,3})?|\d{16,19})(?![0-9A-Za-z])"
)
#: A card that a narrow cell broke anywhere: full lines, and the rest of it alone on the last.
_WRAPPED = re.compile(
    r"(?<![0-9A-Za-z])(?:[3-9]\d{9,17}|[3-9]\d{5,8} ?\n\d{6,9})"
    r" ?\n\d{1,9}(?= ?(?:\n|$))"
)
#: One that a turned or very narrow cell broke after every digit or two.
_STACKED = re.compile(r"(?<![0-9A-Za-z])(?:6 ?\n?2|9 ?\n?5 ?\n?5 ?\n?8)(?: ?\n?\d){11,17}(?=\n|$)(?!\n\d{1,3}(?:\n|$))")
_NARROW = 3
#: What heads a column of accounts, and how far above a number that says nothing of itself.
_HEADED, _ABOVE = re.compile(r"[账帐卡] ?\n?号"), 600
# Every branch opens with a character of its own, so that the search can run from one such character to the next.
BANK_LABELLED = re.compile(
    r"(?:账 ?[号户]码?|帐 ?[号户]码?|卡 ?[号户]码?|账(?=[: ]{0,2}\d)|卡(?=[: ]{0,2}\d)|"
    r"一卡通|一折通|存折|社保卡|资助卡|工资卡|开户行[^\d\n]{0,24}|农商行[^\d\n]{0,12}|信用社[^\d\n]{0,12}|农信社[^\d\n]{0,12}|"
    r"工行[^\d\n]{0,12}|农行[^\d\n]{0,12}|中行[^\d\n]{0,12}|建行[^\d\n]{0,12}|邮储[^\d\n]{0,12}|银行[^\d\n]{0,12}|打[到入款][^\d\n]{0,10}|汇[入至到][^\d\n]{0,10}|"
    r"折 ?号|邮政储蓄[^\d\n]{0,12}|"
    r"转[入到账][^\d\n]{0,10})(?:[^\dA-Za-z\n]{0,8}|(?<=号)[: ]{0,2}\n {0,4})"
    r"(?P<n>[\dl](?: ?-?\n?[\dOlI]){8,26})(?![\dA-Za-z]|\.\d)"
)
_OTHER = re.compile(r"电话|热线|客服|传真|手机|缴款码|编号|编码|代码|流水|日期|联系|批次")
#: Another account behind one that its label told.
_NEXT = re.compile(r" ?(?:[、,/;]|[和及与或]者?) ?(?P<n>[3-9]\d{3}(?:[ -]?\d){11,15})(?![\dA-Za-z])")
#: Whose account it is: the last label before it that says so, and the one right behind it.
_HOLDER = re.compile(
    r"(?:户名|[账帐]户名称?|开户(?:名称?|单位)|(?:收款|单位|供应商)(?:名称|单位|全称)?|[甲乙丙]方|[收领退缴]款人|户主|姓名|申请人"
    r"|受益人|当事人)(?:名称)?(?:\([^()\n]{1,8}\))? ?[:|] ?[“\"]?(?P<who>[^\n,;。:|”\"]{2,40})"
)
_ORGAN = re.compile(r".{3}(?:公司|政府|国库|财政|基金|办公室|[局委会中心院校处所社厂站部队店馆场库])(?:\([^()]*\))? *$")
#: What says behind an office or a company that the account is that of somebody there: a card, a name before it.
_SOMEBODY = re.compile(
    r"卡 ?[号户]|(?:^|[\n。;,|]) *(?!开户|银行|收款|地址|电话|[账帐税行])[\u4e00-\u9fff]{2,3}(?:的|[ |,])+[^\d\n]{0,8}$"
)
_HELD = 90
#: One in the boxes of a form, a digit or four in each.
_BAR = " ?[|│┃] ?"
BOXED = re.compile(
    r"[账帐卡折][户号][^\d\n数]{0,8}"
    rf"(?P<n>\d(?:{_BAR}\d){{14,18}}|\d{{4}}(?:{_BAR}\d{{4}}){{3}}(?:{_BAR}\d{{1,3}})?)(?! ?[|│┃]? ?\d)"
)
_UNIONPAY = ("3", "4", "5", "6", "9558")
#: Signs that mean @ only before the host of a mail service.
_SERVICE = (
    r"(?:(?:vip|mail)\.)?(?:163|126|139|189|188|qq|sina|sohu|gmail|foxmail|hotmail|outlook|yahoo|aliyun|yeah|icloud)"
)
_AT = re.compile(
    r"[@(#〔{艾☆★△▲◎※ _](?:(?<=@)|(?<=\()(?:at|AT|@)\)|(?<=#)(?:at|AT|@)#|(?<=〔)(?:at|AT|@)〕|(?<=\{)(?:at|AT|@)\}"
    rf"|(?<=艾)特(?=\w+[.点])|(?:(?<=[#☆★△▲◎※])|(?<=[ _])(?:at|AT)[ _])(?={_SERVICE}(?:[.点]| ?\(?dot)))"
)
_USER = re.compile(r"[A-Za-z0-9](?<![A-Za-z0-9._%+\-].)[A-Za-z0-9._%+\-]{0,63} ?$")
_TOP = r"\.[A-Za-z0-9\-]{1,63}|[ \n]?(?:[.。,点]|\(dot\)|dot) ?\n?(?:com|cn|net|org|gov|edu|COM|CN)(?![A-Za-z0-9])"
_HOST = re.compile(rf"[ \n]?[A-Za-z0-9\-]{{1,63}}(?:{_TOP})(?:{_TOP}){{0,5}}")
#: Services that only a word behind them makes an account. No choice within one: the search goes by first characters.
_CHATS = ("淘宝", "闲鱼", "陌陌", "探探", "蝙蝠", "电报", "Telegram", "telegram", "WhatsApp", "Whatsapp", "whatsapp")
WECHAT = re.compile(
    r"(?:微 ?信|薇 ?信|威信|Q[Qq](?<![A-Za-z0-9]..)|q[Qq](?<![A-Za-z0-9]..)|Q Q(?<![A-Za-z0-9]...)"
    r"|Q 号|V信|v信|扣扣|企鹅号|钉钉|飞书|小红书|抖音|快手|支付宝|群号|加[Vv](?= ?[:号])"
    r"|V[Xx](?<![A-Za-z0-9]..)(?= ?[:号])|v[Xx](?<![A-Za-z0-9]..)(?= ?[:号])|W[Xx](?<![A-Za-z0-9]..)(?= ?[:号])"
    r"|w[Xx](?<![A-Za-z0-9]..)(?= ?[:号])|We[Cc]hat|wechat|昵称|网名|收款名"
    + "".join(rf"|{name}(?=账号|帐号|号|ID|[:@])" for name in _CHATS)
    + r")"
    r"(?:(?P<said>(?: ?[\u4e00-\u9fff]){0,6})(?:ID|id|是|为|叫|加|:|,|@|\(|“|\"|[ ☑√✓])*"
    r"(?P<n>[A-Za-z][A-Za-z0-9_\-]{5,19}|\d[\d ]{4,12}\d)(?![A-Za-z0-9@]|[元年月日次人])"
    r"|名?(?<=[名称])(?:为|是|叫)?[:( ]{0,2}[“\"「](?P<nick>[^”\"」\n]{1,14})[”\"」]"
    r"|(?:昵称|名称?)?(?<=[称名]): ?(?P<bare>[\u4e00-\u9fffA-Za-z0-9·~]{2,12})(?=[,。;)|\n]))"
)
_PUBLIC = re.compile(r"公众号|小程序|支付$|转账|红包|平台|客户端|视频号")


def bank_accounts(scan: Scan) -> Iterator[Finding]:
    """Bank cards by Luhn's check digit, and any account number behind its label."""
    text = scan.text
    for match in scan.at(BANK, "0123456789", long=True):
        number = bare(match.group())
        card = 15 <= len(number) <= 19 and number.startswith(_UNIONPAY) and luhn(number)
        if card and not lookalike(text, match.start()):
            yield marked(match, "BANK", 0.92)
    yield from (marked(match, "BANK", 0.85) for match in scan.at(_WRAPPED, "3456789", long=True) if _is_wrapped(match))
    yield from (marked(match, "BANK", 0.85) for match in scan.at(_STACKED, "69", long=True) if _is_stacked(match))
    for match in scan.near(BANK_LABELLED):
        at = match.start("n")
        other = _OTHER.search(text, match.start(), at)
        if len(bare(match["n"])) < 10 or other or ID_LABEL.search(before(text, at)):
            continue
        if not of_office(text, *match.span("n")):
            yield _account(match)
            following: re.Match[str] | None = match
            while following and (following := _NEXT.match(text, following.end())):
                yield marked(following, "BANK", 0.8, "n")
    for match in BOXED.finditer(text) if scan.barred else ():
        yield marked(match, "BANK", 0.8, "n")


def _is_wrapped(match: re.Match[str]) -> bool:
    """Whether the lines are one card: all as long but for a shorter last one, and right by the check digit.

    Where accounts are asked for above, what is as long as a card and begins like one may have a wrong one.
    """
    *full, last = match.group().split()
    number = "".join((*full, last))
    even = len({len(line) for line in full}) == 1 and len(last) < len(full[0])
    even = even and not (len(full[0]) >= 15 and luhn(full[0]))
    card = 16 <= len(number) <= 19 and number.startswith(_UNIONPAY) and luhn(number)
    if not card and len(number) in (16, 19) and number.startswith("62"):
        card = bool(_HEADED.search(match.string, max(0, match.start() - _ABOVE), match.start()))
    return even and card and not lookalike(match.string, match.start())


def _is_stacked(match: re.Match[str]) -> bool:
    """Whether lines of a few digits each are one card, right by its check digit."""
    lines = match.group().split()
    number = "".join(lines)
    return len(lines) >= len(number) / 2 and max(map(len, lines)) <= _NARROW and len(number) >= 16 and luhn(number)


def of_office(text: str, start: int, end: int) -> bool:
    """Whether an account is called that of an office or a company, and is no card of a person."""
    number = bare(text[start:end])
    if number.startswith("62") and luhn(number):
        return False
    lead = re.split(r"\d{9}", text[max(0, start - _HELD) : start])[-1]
    behind = _HOLDER.match(text[end : end + _HELD].lstrip(" \n,;。|"))
    ahead = list(_HOLDER.finditer(lead))
    if ahead and _SOMEBODY.search(lead, ahead[-1].end()):
        return False
    if ahead and not ahead[-1].group().startswith("单位"):  # that may be where whoever is named before works
        ahead = ahead[-1:]
    holders = [*ahead, *filter(None, [behind])]
    return bool(holders) and all(_ORGAN.search(holder["who"]) for holder in holders)


def _luhn(piece: str) -> bool:
    number = bare(piece)
    return number.isdigit() and luhn(number)


def _account(match: re.Match[str]) -> Finding:
    """The number behind its label, without the first digits of a next line when the first line holds a whole one."""
    piece = match["n"]
    first, _, rest = piece.partition("\n")
    if rest and len(bare(first)) >= 15 and (_luhn(first) or (len(bare(rest)) < 4 and not _luhn(piece))):
        piece = first
    at = match.start("n")
    return Finding(Span(at, at + len(piece.rstrip(" -\n"))), "BANK", 0.88, "number:BANK")


def mail(text: str) -> Iterator[Finding]:
    """E-mail addresses, looked for around each sign between user and host."""
    if not any(sign in text for sign in ("@", "#", "at", "AT", "艾", "☆", "★", "△", "▲", "◎", "※")):
        return
    end = 0
    for at in _AT.finditer(text):
        host = _HOST.match(text, at.end()) if at.start() >= end else None
        user = _USER.search(text, max(end, at.start() - 66), at.start()) if host else None
        if host and user:
            end = host.end()
            yield Finding(Span(user.start(), end), "EMAIL", 0.97, "number:EMAIL")


def chats(text: str) -> Iterator[Finding]:
    """WeChat, QQ and other numbers behind the service's name; nicknames in quotes."""
    for match in WECHAT.finditer(text):
        if match["nick"] or match["bare"]:
            yield marked(match, "WECHAT", 0.7, "nick" if match["nick"] else "bare")
        elif not _PUBLIC.search(match["said"]) and match["n"].strip().lower() not in ("gongzhong", "wechat"):
            yield marked(match, "WECHAT", 0.85, "n")

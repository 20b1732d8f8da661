"""What the tracking numbers of China's couriers look like: a slip is pointed out, never refused.

Couriers publish no list, and they add new forms; these are the forms on receipts of recent years.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from xingtu_cli.text import Text


class Courier(NamedTuple):
    """A courier whose numbers start with letters of its own, and the form of the rest."""

    name: Text
    rest: str
    form: Text


def _lettered(zh: str, en: str, rest: str, form_zh: str, form_en: str) -> Courier:
    return Courier(Text(zh, en), rest, Text(form_zh, form_en))


COURIERS: Mapping[str, Courier] = {
    "SF": _lettered(
        "顺丰", "SF Express", r"\d{12,13}", "SF 加 12 或 13 位数字", "SF and 12-13 digits"
    ),
    "YT": _lettered("圆通", "YTO Express", r"\d{13}", "YT 加 13 位数字", "YT and 13 digits"),
    "JD": _lettered(
        "京东", "JD Logistics", r"[A-Z]{0,2}\d{11,13}(-\d+-\d+-?)?", "JD 加 13 位数字",
        "JD and 13 digits",
    ),
    "JT": _lettered("极兔", "J&T Express", r"\d{13}", "JT 加 13 位数字", "JT and 13 digits"),
    "DP": _lettered("德邦", "Deppon Express", r"K\d{12}", "DPK 加 12 位数字", "DPK and 12 digits"),
}  # fmt: skip
POST = r"[A-Z]{2}\d{9}[A-Z]{2}"  # EMS and registered mail (UPU standard S10)
# 中通 12 or 14, EMS 13, 韵达 13 or 15, 申通 12 to 15, 顺丰 formerly 12
DIGITS = r"\d{12,15}"
SCIENTIFIC = r"\d(\.\d+)?E\+\d+"  # what Excel makes of a long number

ODD_FOR = Text(
    "{label}“{number}”不像{courier}的单号（{form}），发送前请核对一遍。",
    "{label} “{number}” does not look like one of {courier} ({form}); check it before sending.",
)
ODD = Text(
    "{label}“{number}”不像常见的快递单号（一般是 12 到 15 位数字，或字母开头，如 SF、YT、JD），"
    "发送前请核对一遍。",
    "{label} “{number}” does not look like a courier's (usually 12-15 digits, or letters first,"
    " such as SF, YT or JD); check it before sending.",
)
DESTROYED = Text(
    "{label}“{number}”像是被 Excel 改坏的号码，后面的位数已经丢了，请照快递单重填。",
    "{label} “{number}” looks like a number that Excel has destroyed; its last digits are lost, so"
    " enter it anew from the receipt.",
)


def odd(number: str, label: Text) -> Text | None:
    """Return what to say of a tracking number, called `label`, that no courier is known to give.

    Returns nothing for an ordinary one. Small letters are taken as capitals.
    """
    text = number.upper()
    if _is(POST, text) or _is(DIGITS, text):
        return None
    if _is(SCIENTIFIC, text):
        return DESTROYED.format(label=label, number=number)
    courier = COURIERS.get(text[:2])
    if courier is None:
        return ODD.format(label=label, number=number)
    if _is(courier.rest, text[2:]):
        return None
    return ODD_FOR.format(label=label, number=number, courier=courier.name, form=courier.form)


def _is(form: str, text: str) -> bool:
    return re.fullmatch(form, text, re.ASCII) is not None

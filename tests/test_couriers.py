"""Tracking numbers, ordinary and odd."""

import pytest

from xingtu_cli import couriers
from xingtu_cli.text import Text

LABEL = Text("快递单号", "tracking number")


@pytest.mark.parametrize(
    "number",
    [
        *("SF1234567890123", "SF123456789012", "sf1234567890123", "YT1234567890123"),
        *("JD1234567890123", "JDVB12345678901", "JD0123456789012-1-1-", "JT1234567890123"),
        *("DPK123456789012", "EA123456789CN", "1234567890123", "73123456789012"),
        *("123456789012", "432123456789012"),
    ],
)
def test_an_ordinary_number_is_not_remarked_on(number: str) -> None:
    assert couriers.odd(number, LABEL) is None


@pytest.mark.parametrize("number", ["7.53E+13", "7.53e+13", "6E+18"])
def test_a_number_that_excel_destroyed_is_called_so(number: str) -> None:
    remark = couriers.odd(number, LABEL)
    assert remark
    assert "被 Excel 改坏的号码" in remark.zh
    assert number in remark.en


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("SF12345678901", "SF Express (SF and 12-13 digits)"),
        ("SF12345678901234", "SF Express"),
        ("SF123456789O123", "SF Express"),
        ("YT123456789012", "YTO Express (YT and 13 digits)"),
        ("JD12", "JD Logistics"),
        ("12345", "a courier's"),
        ("XX1234567890123", "a courier's"),
        ("见附件", "a courier's"),
        ("1234567890123\u0664", "a courier's"),
    ],
)
def test_an_odd_number_is_pointed_out(number: str, told: str) -> None:
    remark = couriers.odd(number, LABEL)
    assert remark
    assert number in remark.zh
    assert told in remark.en
    assert remark.zh.endswith("发送前请核对一遍。")

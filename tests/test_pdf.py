import time
from pathlib import Path

import pytest

from tests.pdfs import pdf, raw, scan, shown
from xingtu_cli.errors import CannotRead, MissingLibrary, install
from xingtu_cli.pdf import Pdf, read

LAST = ["供应商账户信息", "账户名称：某某（北京）文化传媒有限公司", "0200 0012 3456 7890 123"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "结算单.pdf"


def test_the_last_page_alone_is_read(file: Path) -> None:
    file.write_bytes(pdf(["第一页，别的公司"], LAST))
    assert read(file) == Pdf(2, "\n".join(LAST))


def test_many_pages_are_read_quickly(file: Path) -> None:
    file.write_bytes(pdf(*[["明细"]] * 499, LAST))
    start = time.monotonic()
    assert read(file) == Pdf(500, "\n".join(LAST))
    assert time.monotonic() - start < 60


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("UniGB-UCS2-H", "utf-16-be"),
        ("UniGB-UTF16-H", "utf-16-be"),
        ("GBK-EUC-H", "gbk"),
        ("GBKp-EUC-H", "gbk"),
        ("GBK2K-H", "gb18030"),
    ],
)
def test_the_encodings_that_pdf_prescribes_for_chinese(
    file: Path, encoding: str, codec: str
) -> None:
    text = "某某（北京）文化传媒有限公司"
    file.write_bytes(raw(shown(text, codec), encoding.encode()))
    assert read(file) == Pdf(1, text)


def test_a_scan_has_pages_and_no_text(file: Path) -> None:
    file.write_bytes(scan(3))
    assert read(file) == Pdf(3, "")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"hello", "is no PDF file"),
        (b"", "is no PDF file"),
        (b"%PDF-1.4 and nothing else", "is damaged or incomplete"),
        (pdf(LAST)[:600], "is damaged or incomplete"),
        (pdf(LAST, password="secret"), "needs a password to open"),
        (raw(b"", pages=b"[]"), "is damaged or incomplete"),
    ],
)
def test_what_cannot_be_read(file: Path, data: bytes, told: str) -> None:
    file.write_bytes(data)
    with pytest.raises(CannotRead, match=f"{file.name} ({told})"):
        read(file)


def test_a_form_that_draws_itself_is_given_up(file: Path) -> None:
    file.write_bytes(raw(b"/X Do " * 50 + shown("卡号", "utf-16-be")))  # 50 to the power of depth
    with pytest.raises(CannotRead, match=r"is damaged|could not be read within"):
        read(file)


def test_an_endless_reader_is_given_up(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_bytes(pdf(LAST))
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass")
    monkeypatch.setattr("xingtu_cli.pdf.READER", endless)
    monkeypatch.setattr("xingtu_cli.pdf.SECONDS", 0.3)
    with pytest.raises(CannotRead, match=r"within 0\.3 seconds"):
        read(file)


def test_a_reader_that_crashes_is_a_damaged_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_bytes(pdf(LAST))
    crashing = tmp_path / "crashing.py"
    crashing.write_text("import os; os.abort()")
    monkeypatch.setattr("xingtu_cli.pdf.READER", crashing)
    with pytest.raises(CannotRead, match="is damaged"):
        read(file)


@pytest.mark.parametrize("broken", ["raise ImportError", "raise OSError('no library')"])
def test_without_the_library_it_says_how_to_get_it(
    broken: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_bytes(pdf(LAST))
    (tmp_path / "pypdfium2.py").write_text(broken)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(MissingLibrary, match="pip install pypdfium2") as caught:
        read(file)
    assert caught.value.exit_code == 1
    assert caught.value.message.zh.endswith(f"请先运行：\n{install('pypdfium2')}")


def test_a_folder_or_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="is a folder"):
        read(tmp_path)
    with pytest.raises(CannotRead, match="there is no file"):
        read(tmp_path / "none.pdf")


@pytest.mark.parametrize("encoding", ["punycode", "idna", "cp037", "undefined"])
def test_the_encoding_of_the_terminal_is_none_of_its_business(
    file: Path, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_bytes(scan(2))
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    assert read(file).pages == 2


def test_a_reader_that_says_nothing_is_a_damaged_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_bytes(scan(1))
    monkeypatch.setattr("xingtu_cli.pdf.READER", file.with_name("empty.py"))
    file.with_name("empty.py").touch()
    with pytest.raises(CannotRead, match="damaged"):
        read(file)

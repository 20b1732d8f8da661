"""PDFs to read in the tests, made on the spot: Chinese without any font file.

The text is in one of the fonts that PDF readers are to have themselves (`STSong-Light`), encoded
as PDF prescribes for it (`UniGB-UCS2-H`): what many statements and invoices look like inside.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def pdf(*pages: Sequence[str], password: str | None = None) -> bytes:
    """A PDF of these pages, each a list of lines."""
    into = BytesIO()
    options: dict[str, Any] = {"encrypt": StandardEncryption(password)} if password else {}
    canvas = Canvas(into, pagesize=A4, invariant=1, **options)
    for lines in pages:
        canvas.setFont(FONT, 12)
        for n, line in enumerate(lines):
            canvas.drawString(72, 760 - 20 * n, line)
        canvas.showPage()
    canvas.save()
    return into.getvalue()


def scan(pages: int = 1) -> bytes:
    """A PDF whose pages are pictures."""
    into = BytesIO()
    canvas = Canvas(into, pagesize=A4, invariant=1)
    for _ in range(pages):
        canvas.rect(72, 500, 300, 200, fill=1)
        canvas.showPage()
    canvas.save()
    return into.getvalue()


def raw(body: bytes, encoding: bytes = b"UniGB-UCS2-H", pages: bytes = b"[3 0 R]") -> bytes:
    """A PDF written by hand, with one page that has `body` for its content."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids%b/Count %d>>" % (pages, pages.count(b"R")),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>/XObject<</X 4 0 R>>>>>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 4 0 R>>>>"
        b"/Length %d>>stream\n%b\nendstream" % (len(body), body),
        b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/%b/DescendantFonts[6 0 R]>>"
        % encoding,
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/DW 1000/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
        b"<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0"
        b"/Ascent 800/Descent -200/CapHeight 700/StemV 80>>",
    ]
    file, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return file + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (len(parts) + 1, table, len(parts) + 1, len(file))
    )


def shown(text: str, codec: str) -> bytes:
    """The content of a page that shows `text`, as bytes of `codec`."""
    return b"BT /F1 12 Tf 72 700 Td <%b> Tj ET" % text.encode(codec).hex().encode()

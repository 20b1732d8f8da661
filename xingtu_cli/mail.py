"""A Message with its files → a draft that a mail client opens, or a `mailto:` link.

Pure: bytes and text come out, and nothing is read or sent. What the rules and the sender wrote is
data here; no character of it can start a header of its own.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from xingtu_cli.diagnosis import Message
from xingtu_cli.errors import InvalidDraft
from xingtu_cli.text import Text, has_control, visible

LONGEST_LINK = 2_000  # characters; what every browser and mail client passes on
LONGEST_NAME = 60  # characters; 255 bytes is the limit of most file systems
SUFFIX = ".eml"
BOUNDARY = "=_xingtu_draft"  # all parts are in base64, which has no `_`; so a draft is reproducible

UNSAFE = Text(
    "邮件的{where}里有换行、控制字符或乱码，请改掉：{text}",
    "{where} of the e-mail has a line break or control character; mend it: {text}",
)
RECIPIENT = Text("收件人", "a recipient")
SUBJECT = Text("主题", "the subject")
NAME = Text("附件文件名", "an attachment's file name")

# what Windows does not take in a file's name, and what some mail clients stumble over
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|;]')
# names that Windows has taken, whatever their ending
_DEVICE = r"(?i)(?:CON|PRN|AUX|NUL|(?:COM|LPT)[0-9¹²³])\s*(?:\.|$)"


class Attached(NamedTuple):
    """A file in an e-mail: its name, its media type (`application/pdf`) and its bytes.

    Of the name, what Windows or a mail client may not take is replaced in the e-mail.
    """

    name: str
    media_type: str
    data: bytes


def draft(message: Message, attached: Sequence[Attached] = ()) -> bytes:
    """Return the e-mail as an RFC 5322 draft, in ASCII with lines of at most 998 characters.

    `X-Unsent` makes Outlook open it for editing. Who sends it, when and under which id is left to
    the mail client. Raises `InvalidDraft` for a control character where a header would carry it.
    """
    from email.header import Header
    from email.message import EmailMessage
    from email.policy import SMTP

    _refuse_control(message, attached)
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit", refold_source="none"))
    mail["X-Unsent"] = "1"
    mail["To"] = ", ".join(message.to)
    # the policy's own folding loses spaces between encoded words (Python 3.11: 8 % of names with
    # spaces and Chinese), so the older encoder, which does not, writes the subject
    subject = Header(message.subject, "utf-8", header_name="Subject")
    mail.set_raw("Subject", subject.encode(linesep="\r\n"))
    mail.set_content(message.body, cte="base64")
    for each in attached:
        main, _, sub = each.media_type.partition("/")
        mail.add_attachment(
            each.data, maintype=main, subtype=sub, filename=_NOT_IN_NAMES.sub("-", each.name)
        )
    if attached:
        mail.set_boundary(BOUNDARY)
    return mail.as_bytes()


def mailto(message: Message) -> str:
    """Return a link that opens the e-mail in a mail client, without attachments (RFC 6068).

    It is empty where the link would be longer than mail clients take, and while the e-mail has
    gaps: a click should not send a placeholder.
    """
    if message.unfilled:
        return ""
    to = ",".join(quote(address, safe="@") for address in message.to)
    body = "\r\n".join(message.body.rstrip("\n").split("\n"))
    link = f"mailto:{to}?subject={quote(message.subject, safe='')}&body={quote(body, safe='')}"
    return link if len(link) <= LONGEST_LINK else ""


def file_name(message: Message) -> str:
    """Return a name for the draft's file, made from its subject, that every system takes."""
    plain = re.sub(r"\s+", "-", visible(message.subject))  # a space is only a nuisance
    stem = _NOT_IN_NAMES.sub("-", plain)[:LONGEST_NAME].strip("-.~")
    return ("_" if re.match(_DEVICE, stem) else "") + (stem or "draft") + SUFFIX


def _refuse_control(message: Message, attached: Sequence[Attached]) -> None:
    parts = [(RECIPIENT, address) for address in message.to]
    parts += [(SUBJECT, message.subject), *((NAME, each.name) for each in attached)]
    for where, text in parts:
        if has_control(text):
            raise InvalidDraft(UNSAFE.format(where=where, text=visible(text)))

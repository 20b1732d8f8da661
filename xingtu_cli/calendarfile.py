"""The dated steps of a diagnosis → an iCalendar file (RFC 5545) of all-day events.

The same step of the same case has the same UID each time, and each file a higher SEQUENCE, so that
a calendar which minds them updates its event on a second import.
"""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from xingtu_cli import __version__
from xingtu_cli.diagnosis import Diagnosis, DoStep, mark
from xingtu_cli.errors import MissingLibrary
from xingtu_cli.rules.model import Tree
from xingtu_cli.text import Text, same

if TYPE_CHECKING:
    from icalendar import Event

REMINDER = timedelta(hours=9)  # after midnight of the day itself
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # SEQUENCE counts seconds from here, as far as it goes:
HIGHEST = 2**31 - 1  # until 2088

SUMMARY = Text("{who}：{title}", "{who}: {title}")
ESTIMATE = Text("【暂估】", "[estimate 暂估] ")
RENEW = Text(
    "“{step}”做完后请再导出一次，这个日期会更新。",
    "Export it again once “{step}” is done; this day may then be another.",
)
MENU = Text("菜单：", "Menu: ")
AS_OF = Text("依据截至 {as_of} 的资料。", "As of {as_of}.")
PURPOSE = Text("写日历文件", "writing a calendar file")


def dated(diagnosis: Diagnosis) -> list[DoStep]:
    """Return the steps still to do that have a day."""
    return [step for step in diagnosis.steps if step.starts and not step.done]


def calendar(diagnosis: Diagnosis, tree: Tree, stamp: datetime, case: str = "") -> bytes:
    """Write the dated steps as a calendar.

    `case` is the id of the saved case, if there is one; without it, what tells one settlement from
    another is its dates and names. `stamp` is the time of writing. Raises `MissingLibrary` where
    the extra `calendar` is not installed.
    """
    try:
        from icalendar import Calendar
    except ImportError:  # or what it needs itself is missing
        raise MissingLibrary("icalendar", PURPOSE) from None

    whole = Calendar()
    whole.add("prodid", f"-//xingtu-cli//xingtu {__version__}//{diagnosis.lang.upper()}")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    identity = case or _identity(diagnosis, tree)
    for step in dated(diagnosis):
        whole.add_component(_event(step, diagnosis, tree, stamp.astimezone(UTC), identity))
    return bytes(whole.to_ical())


def _event(
    step: DoStep, diagnosis: Diagnosis, tree: Tree, stamp: datetime, identity: str
) -> "Event":
    from icalendar import Alarm, Event

    day = step.starts
    assert day
    summary = _summary(step, diagnosis, tree)
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, f"xingtu:{tree.id}:{identity}:{step.id}")))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", min(max(int((stamp - EPOCH).total_seconds()), 0), HIGHEST))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", _description(step, diagnosis, tree))
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", REMINDER)
    event.add_component(alarm)
    return event


def _summary(step: DoStep, diagnosis: Diagnosis, tree: Tree) -> str:
    lang = diagnosis.lang
    who = _names(diagnosis, tree)[:1] or [diagnosis.rules.title]
    text = SUMMARY.format(who=who[0], title=same(step.title).plus(mark(step))).in_(lang)
    return ESTIMATE.in_(lang) + text if step.estimated else text


def _description(step: DoStep, diagnosis: Diagnosis, tree: Tree) -> str:
    lang = diagnosis.lang
    lines = [step.text, *(f"- {note}" for note in step.notes)]
    if step.menu:
        lines.append(MENU.in_(lang) + " → ".join(step.menu))
    if step.assumes:
        lines.append(RENEW.format(step=tree.steps[step.assumes].title).in_(lang))
    lines += [warning for warning in diagnosis.warnings if step.estimated]
    lines.append(AS_OF.format(as_of=diagnosis.rules.as_of).in_(lang))
    return "\n".join(lines)


def _names(diagnosis: Diagnosis, tree: Tree) -> list[str]:
    """Return the names given as details, in the order of the rules file."""
    return [
        value
        for name, detail in tree.details.items()
        if detail.type == "text"
        for value in diagnosis.details.get(name, ())
    ]


def _identity(diagnosis: Diagnosis, tree: Tree) -> str:
    days = [str(each) for each in diagnosis.answers.values() if isinstance(each, date)]
    what = "\0".join([*days, *_names(diagnosis, tree)])
    return sha256(what.encode("utf-8", "surrogatepass")).hexdigest()

"""A finished walk → the report, and each file that the flags ask for, in their order."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from xingtu_cli import terminal
from xingtu_cli.answers import Details
from xingtu_cli.cli.again import Again
from xingtu_cli.cli.session import Session
from xingtu_cli.cli.wishes import Wishes
from xingtu_cli.diagnosis import Diagnosis, diagnose
from xingtu_cli.errors import CannotWrite, FileExists
from xingtu_cli.rules.model import Tree
from xingtu_cli.text import Text
from xingtu_cli.walk import Walk

if TYPE_CHECKING:
    from xingtu_cli.cli.drafting import Desk

FORMATS = ("text", "json", "markdown")

Show = Callable[[Diagnosis, str, Sequence[Text]], None]


def reporter(session: Session) -> Show:
    """Return what prints a diagnosis in the format asked.

    It takes the line that repeats the run too, and what can be done with that.
    """
    from xingtu_cli import render

    match session.format_among(FORMATS):
        case "json":
            return lambda diagnosis, _line, _advice: terminal.write(render.as_json(diagnosis))
        case "markdown":
            return lambda diagnosis, line, advice: terminal.write(
                render.as_markdown(diagnosis, line, advice)
            )
        case _:
            return lambda diagnosis, line, advice: terminal.show(
                render.as_page(diagnosis, line, terminal.page_width(), advice),
                color=session.color,
            )


class Delivery(NamedTuple):
    """All that the outputs of a run need; `talk` is the user, if there is one to ask."""

    session: Session
    tree: Tree
    finished: Walk
    wishes: Wishes
    again: Again
    talk: terminal.Conversation | None
    show: Show
    quiet: bool

    def deliver(self, details: Details) -> None:
        """Write all that is wanted; what may fail or be asked for comes before the report.

        Only for someone who reads the report in a terminal, a draft comes after it. Raises
        `CannotWrite` and `FileExists`, with the answers where someone gave them.
        """
        diagnosis = self._diagnosis(details)
        try:
            self._deliver(diagnosis)
        except (CannotWrite, FileExists) as error:
            if self.talk is not None:
                error.resume = self._line(diagnosis, self.wishes.words())
            raise

    def _deliver(self, diagnosis: Diagnosis) -> None:
        desk = self._desk()
        if desk:
            diagnosis = desk.before(diagnosis)
        case_id = self._save(diagnosis, force=self.again.force)
        self._write_calendar(diagnosis, case_id)
        if not self.wishes.to_stdout:
            self.show(diagnosis, self._line(diagnosis), self._advice(diagnosis))
        if self.wishes.save and not self.quiet:
            from xingtu_cli.cli.saved import remark_saved

            remark_saved(self.wishes.save, self.session)
        if desk and (fuller := desk.after(diagnosis)).details != diagnosis.details:
            self._save(fuller, force=True)

    def _diagnosis(self, details: Details) -> Diagnosis:
        return diagnose(self.finished, details, self.session.lang)

    def _line(self, diagnosis: Diagnosis, further: Sequence[str] = ()) -> str:
        return self.again.line(diagnosis.answers, diagnosis.details, further)

    def _advice(self, diagnosis: Diagnosis) -> Sequence[Text]:
        from xingtu_cli.render import advised

        opened = self.again.opened
        saved = bool(self.wishes.save or opened.case)
        return advised(diagnosis, from_file=bool(opened.words()), saved=saved)

    def _desk(self) -> "Desk | None":
        """Return where the e-mail becomes a draft; none where no draft is wanted or offered."""
        page = self.session.format in ("", "text") and not self.wishes.draft.to_stdout
        reader = page and self.talk is not None and terminal.shows_output()
        if not self.wishes.draft.eml and (self.quiet or not reader):
            return None
        from xingtu_cli.cli.drafting import Desk

        saving = () if reader else self.wishes.saving()  # a reader is asked later
        return Desk(
            session=self.session,
            tree=self.tree,
            wish=self.wishes.draft,
            redo=self._diagnosis,
            line=lambda diagnosis, words: self._line(diagnosis, [*saving, *words]),
            talk=self.talk,
            reader=reader,
            own=self.wishes.own,
            quiet=self.quiet,
        )

    def _save(self, diagnosis: Diagnosis, *, force: bool) -> str:
        """Save the case if that is wanted, and return its id, or that of the one taken up."""
        place, case = self.wishes.save, self.again.opened.case
        if place:
            from xingtu_cli import casefile

            case = casefile.from_walk(self.finished, diagnosis.details, place, case)
            casefile.save(case, place, self.tree, force=force)
        return case.id if case else ""

    def _write_calendar(self, diagnosis: Diagnosis, case_id: str) -> None:
        if self.wishes.calendar.ics:
            from xingtu_cli.cli import dates

            dates.write(
                self.wishes.calendar, diagnosis, self.tree, self.session, case=case_id,
                quiet=self.quiet,
            )  # fmt: skip

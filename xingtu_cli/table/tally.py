"""What came out of a whole table, counted."""

from collections import Counter
from datetime import date
from decimal import Decimal

from xingtu_cli.table.desk import Judged
from xingtu_cli.text import Text

# what `facts` found when it compared two amounts; what is to be done then is the rules' affair
COMPARED = {
    "greater": Text("新的金额更大", "the new amount is greater"),
    "less": Text("新的金额更小", "the new amount is less"),
}


class Tally:
    """Counts over the rows of a table; it grows with days and outcomes, not with the rows.

    `outcomes` counts the rows of each and `titles` has its title; `differences` holds the number
    of rows and the sum in yuan by the result of the comparison; `due` counts the rows that are not
    overdue by the day they are due, and `changes` those whose account change can take effect by
    that day.
    """

    def __init__(self, today: date) -> None:
        self.today = today
        self.rows = self.failed = self.overdue = 0
        self.outcomes: Counter[str] = Counter()
        self.titles: dict[str, str] = {}
        self.differences: dict[str, tuple[int, Decimal]] = {}
        self.due: Counter[date] = Counter()
        self.changes: Counter[date] = Counter()

    def add(self, judged: Judged) -> None:
        """Count a row."""
        self.rows += 1
        if judged.walk is None:
            self.failed += 1
            return
        found = judged.results
        self.outcomes[found.outcome] += 1
        self.titles.setdefault(found.outcome, found.title)
        if found.due and self.today > found.due:
            self.overdue += 1
        elif found.due:
            self.due[found.due] += 1
        if found.new_account_from:
            self.changes[found.new_account_from] += 1
        if found.difference:
            result = "greater" if found.difference > 0 else "less"
            count, amount = self.differences.get(result, (0, Decimal(0)))
            self.differences[result] = (count + 1, amount + abs(found.difference))

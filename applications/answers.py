"""The answer to a question as one page of forms, and questions as they are read: what was asked, before and after."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from applications import clarifications, queries
from applications.forms import AnswerForm
from applications.models import Application, Clarification, ClarificationItem
from applications.pages import SectionPage, item_in_words, open_fields
from applications.sections import BY_KEY, SECTIONS, Openable, openable


@dataclass(frozen=True)
class Block:
    """The opened fields of one section, as they are drawn: single ones, then those of each year, then whole lists."""

    page: SectionPage
    title: Any
    fields: list[Any]
    years: list[tuple[str, list[Any]]]


class AnswerPage:
    """The forms of everything a question opened, and the words that go with it."""

    def __init__(
        self, file: Application, question: Clarification, posted: QueryDict | None = None, *, sending: bool = False
    ) -> None:
        self.file, self.question, self.posted = file, question, posted
        self.refusals: list[str] = []
        self.unfinished = ""
        keys = {item.field for item in question.items.all()}
        opened = [one for one in openable(file) if one.key in keys]
        self.sections = [
            SectionPage(file, section.key, posted, opened=[one for one in opened if one.section == section.key])
            for section in SECTIONS
            if section.key in {one.section for one in opened}
        ]
        self.text = AnswerForm(posted, initial={"answer": question.answer}, sending=sending)

    @property
    def blocks(self) -> list[Block]:
        """Section by section, for the template."""
        return [
            Block(
                page,
                BY_KEY[page.key].title,
                open_fields(page.main) if page.main else [],
                [(year.year, open_fields(year.form)) for year in page.years],
            )
            for page in self.sections
        ]

    def is_valid(self) -> bool:
        """Whether all that was typed is right."""
        parts: list[Any] = [*self.sections, self.text]
        wrong = [part for part in parts if not part.is_valid()]  # each is asked, so that each shows its errors
        return not wrong

    def one_row_more(self, name: str) -> bool:
        """Whether an empty row was put under the list `name`, because nothing is wrong but that its rows are not whole yet."""
        more = [page.one_row_more(name) for page in self.sections]
        found = next((page for page in more if page), None)
        rest = [page for page, another in zip(self.sections, more, strict=True) if not another and not page.is_valid()]
        if found is None or rest or not self.text.is_valid():
            return False
        self.sections = [another or page for page, another in zip(self.sections, more, strict=True)]
        self.unfinished = found.unfinished
        return True

    def add_error(self, field: str, sentence: str) -> None:
        """Put a refusal of the act where it belongs."""
        if field == "answer":
            self.text.add_error("answer", sentence)
        else:
            self.refusals.append(sentence)

    @property
    def errors(self) -> list[Any]:
        """Sentences and forms, for the summary."""
        return [*self.refusals, *(error for page in self.sections for error in page.errors), self.text]

    def values(self) -> dict[str, Any]:
        """What `save_answer_fields` writes."""
        return {key: value for page in self.sections for key, value in page.values().items()}

    def version(self) -> int:
        """The newest save of the sections shown; 0 for none."""
        newest = queries.newest_revision(self.file, clarifications.sections_opened(self.question))
        return newest.pk if newest else 0

    def hidden(self) -> list[tuple[str, str]]:
        """Every value that was posted, for a page that asks before it saves."""
        skipped = {"csrfmiddlewaretoken", "version", "go"}
        posted = self.posted or QueryDict()
        return [(name, value) for name, values in posted.lists() if name not in skipped for value in values]

    def typed(self) -> list[tuple[str, str]]:
        """What was typed, read back."""
        lines = [line for page in self.sections for line in page.typed()]
        answer = (self.posted or QueryDict()).get("answer", "").strip()
        return [*lines, (str(self.text.fields["answer"].label), answer)] if answer else lines


@dataclass(frozen=True)
class Line:
    """One thing that was opened, as it was when asked and as it was when answered."""

    label: str
    before: str
    after: str
    changed: bool


@dataclass(frozen=True)
class QuestionRow:
    """One question with what it opened."""

    question: Clarification
    lines: list[Line]


def question_rows(file: Application) -> list[QuestionRow]:
    """Every question of a file, the newest first."""
    found = list(file.clarifications.prefetch_related("items__kind").order_by("-number"))
    known = {one.key: one for one in openable(file)} if found else {}
    return [QuestionRow(row, [_line(item, known.get(item.field)) for item in row.items.all()]) for row in found]


def _line(item: ClarificationItem, one: Openable | None) -> Line:
    if item.field and one is None:  # a year that is asked for no more
        return Line(item.field, str(item.before or ""), str(item.after or ""), item.before != item.after)
    before, after = item_in_words(one, item.before), item_in_words(one, item.after)
    changed = item.before != item.after
    if changed and after and before == after:  # sealed: what is shown of it is the same
        after = _("%(value)s (changed)") % {"value": after}
    return Line(one.label if one else str(item.kind), before, after, changed)

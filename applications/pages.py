"""A section as one page of forms: what is shown, whether it is right, what is to be saved."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from applications.actions.sections import STORES
from applications.forms import FORMSETS, MAIN_FORMS, ROW_FORMS, YEAR_FORMS, years_of
from applications.models import Application, Revision
from applications.notice import VERSION
from applications.sections import BY_KEY

MARK = re.compile(r" #[0-9a-f]{8}$")  # what shows that a sealed value changed, without the value


@dataclass
class Year:
    """The form of one financial year."""

    year: str
    form: Any


class SectionPage:
    """The forms of one section, unbound from the file or bound to what was posted."""

    def __init__(self, file: Application, key: str, posted: QueryDict | None = None) -> None:
        self.file, self.key, self.posted = file, key, posted
        self.refusals: list[str] = []  # of the act, where no field is theirs
        self.unfinished = ""  # a row was asked for before the rows are whole: what is still to come
        self.main = self._main()
        self.formsets = [(name, title, self._formset(name, factory)) for name, factory, title in FORMSETS.get(key, ())]
        self.years = self._years()

    def _main(self) -> Any:
        if self.key not in MAIN_FORMS:
            return None
        store = STORES[self.key].one
        row = store._default_manager.filter(application=self.file).first() if store else None
        form = MAIN_FORMS[self.key]
        initial = {name: getattr(row, name) for name in form.base_fields} if row else {}
        for name, value in initial.items():
            if value in (True, False) and name in {"in_insolvency", "gst_returns_filed", "other_subsidy"}:
                initial[name] = "yes" if value else "no"
        return form(self.posted, initial=initial)

    def _formset(self, name: str, factory: Any) -> Any:
        fields = list(ROW_FORMS[name].base_fields)
        initial = None if self.posted is not None else list(getattr(self.file, name).values(*fields))
        return factory(self.posted, initial=initial, prefix=name)

    def _years(self) -> list[Year]:
        if self.key not in YEAR_FORMS:
            return []
        name, form = YEAR_FORMS[self.key]
        there = {row.year: row for row in getattr(self.file, name).all()}
        made = []
        for year in years_of(self.file, self.key):
            row = None if self.posted is not None else there.get(year)
            initial = {field: getattr(row, field) for field in form.base_fields} if row else {}
            one = form(
                self.posted, initial=initial, prefix=f"year-{year}", empty_permitted=True, use_required_attribute=False
            )
            if self.posted is not None and any(len(self.posted.getlist(one.add_prefix(f))) > 1 for f in one.fields):
                one.add_error(None, _("Each financial year is entered once."))
            made.append(Year(year, one))
        return made

    @property
    def forms(self) -> list[Any]:
        """Everything that can hold an error, for the summary."""
        return [
            form
            for form in (self.main, *(f for _n, _t, f in self.formsets), *(y.form for y in self.years))
            if form is not None
        ]

    def is_valid(self) -> bool:
        """Whether all that was typed is right; empty is right."""
        wrong = [form for form in self.forms if not form.is_valid()]  # each is asked, so that each shows its errors
        return not wrong

    def one_row_more(self, name: str) -> "SectionPage | None":
        """The page as typed with an empty row under `name`, where nothing is wrong but that the rows are not whole yet."""
        found = next((formset for known, _title, formset in self.formsets if known == name), None)
        said = getattr(found, "shares_open", "")
        rest = [form for form in self.forms if form is not found]
        if self.posted is None or found is None or not said or any(not form.is_valid() for form in rest):
            return None
        posted = self.posted.copy()
        posted[f"{name}-TOTAL_FORMS"] = str(found.total_form_count() + 1)
        page = SectionPage(self.file, self.key, posted)
        page.unfinished = said
        return page

    def add_error(self, field: str, sentence: str) -> None:
        """Put a refusal of the action where it belongs."""
        if self.main is not None and field in self.main.fields:
            self.main.add_error(field, sentence)
        else:
            self.refusals.append(sentence)

    @property
    def errors(self) -> list[Any]:
        """Sentences and forms, for the summary."""
        return [*self.refusals, *self.forms]

    def data(self) -> dict[str, Any]:
        """What `save_section` writes."""
        data: dict[str, Any] = dict(self.main.cleaned_data) if self.main is not None else {}
        for name, _title, formset in self.formsets:
            data[name] = [{k: v for k, v in row.items() if k != "DELETE"} for row in formset.rows()]
        if self.years:
            name = YEAR_FORMS[self.key][0]
            data[name] = [{"year": y.year, **y.form.cleaned_data} for y in self.years if y.form.has_changed()]
        if self.key == "declaration":
            data["notice_version"] = VERSION
        return data

    def hidden(self) -> list[tuple[str, str]]:
        """Every value that was posted, for a page that asks before it saves."""
        skipped = {"csrfmiddlewaretoken", "version", "go"}
        posted = self.posted or QueryDict()
        return [(name, value) for name, values in posted.lists() if name not in skipped for value in values]

    def typed(self) -> list[tuple[str, str]]:
        """What was typed, read back: the label of each filled field and the words of its value."""
        lines = [] if self.main is None else _typed(self.main, "")
        for year in self.years:
            lines += _typed(year.form, f"{year.year}: ")
        for _name, title, formset in self.formsets:
            for number, form in enumerate(formset.forms, 1):
                lines += _typed(form, f"{title} {number}: ")
        return lines


def _typed(form: Any, before: str) -> list[tuple[str, str]]:
    lines = []
    for field in form:
        value = field.data
        if value in (None, "", False):
            continue
        choices = {str(key): str(words) for key, words in getattr(field.field, "choices", [])}
        words = _("Yes") if value is True else choices.get(str(value), str(value))
        lines.append((f"{before}{field.label}", words))
    return lines


@dataclass(frozen=True)
class Change:
    """One field of a revision, in words."""

    label: str
    before: str
    after: str


def changes_of(revision: Revision) -> list[Change]:
    """What a revision changed, as it is read."""
    store = STORES[revision.section]
    rows = dict(store.rows)
    found = []
    for name, (before, after) in revision.changes.items():
        if name in rows:
            model, title = rows[name], BY_KEY[revision.section].title
            found.append(Change(str(title), _rows_in_words(model, before), _rows_in_words(model, after)))
        elif store.one is not None and name != "notice_version":
            title = store.one._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            found.append(Change(str(title), _in_words(store.one, name, before), _in_words(store.one, name, after)))
    return found


def _rows_in_words(model: Any, rows: list[dict[str, str]] | None) -> str:
    """A line a row."""
    return "\n".join(", ".join(_in_words(model, name, value) for name, value in row.items()) for row in rows or [])


def _in_words(model: Any, name: str, value: str | None) -> str:
    choices = dict(model._meta.get_field(name).flatchoices) | {"True": _("Yes"), "False": _("No")}
    return str(choices.get(value, MARK.sub("", value or "")))


def saved_words(revision: Revision | None, user: Any) -> str:
    """Who typed what stands here."""
    if revision is None or revision.by_id == user.pk:
        return ""
    return _("Last saved by %(who)s.") % {"who": revision.by.full_name}

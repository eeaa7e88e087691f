"""A section as one page of forms: what is shown, whether it is right, what is to be saved."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, DateField
from django.http import QueryDict
from django.utils.translation import gettext as _

from applications.actions.sections import STORES
from applications.forms import FORMSETS, MAIN_FORMS, ROW_FORMS, YEAR_FORMS, years_of
from applications.models import Application, Revision
from applications.notice import VERSION
from applications.sections import BY_KEY, Openable
from records.formats import day, rupees

MARK = re.compile(r" #[0-9a-f]{8}$")  # what shows that a sealed value changed, without the value


@dataclass
class Year:
    """The form of one financial year."""

    year: str
    form: Any


class SectionPage:
    """The forms of one section, unbound from the file or bound to what was posted.

    `opened`: of a section that was sent, what a question opens. The rest stands as it is, whatever is posted for it, and
    what is typed has to agree with it.
    """

    def __init__(
        self, file: Application, key: str, posted: QueryDict | None = None, *, opened: list[Openable] | None = None
    ) -> None:
        self.file, self.key, self.posted, self.opened = file, key, posted, opened
        self.refusals: list[str] = []  # of the act, where no field is theirs
        self.unfinished = ""  # a row was asked for before the rows are whole: what is still to come
        self.main = self._main()
        self.formsets = [
            (name, title, self._formset(name, factory))
            for name, factory, title in FORMSETS.get(key, ())
            if opened is None or name in {one.name for one in opened if one.rows}
        ]
        self.years = self._years()

    def _main(self) -> Any:
        opened = None if self.opened is None else {one.name for one in self.opened if not one.year and not one.rows}
        if self.key not in MAIN_FORMS or opened == set():
            return None
        store = STORES[self.key].one
        row = store._default_manager.filter(application=self.file).first() if store else None
        form = MAIN_FORMS[self.key]
        initial = {name: getattr(row, name) for name in form.base_fields} if row else {}
        for name, value in initial.items():
            if value in (True, False) and name in {"in_insolvency", "gst_returns_filed", "other_subsidy"}:
                initial[name] = "yes" if value else "no"
        return _only(form(self.posted, initial=initial), opened)

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
            opened = None if self.opened is None else {one.name for one in self.opened if one.year == year}
            if opened == set():
                continue
            row = None if self.posted is not None and opened is None else there.get(year)
            initial = {field: getattr(row, field) for field in form.base_fields} if row else {}
            one = form(
                self.posted,
                initial=initial,
                prefix=f"year-{year}",
                empty_permitted=opened is None,
                use_required_attribute=False,
            )
            if self.posted is not None and any(len(self.posted.getlist(one.add_prefix(f))) > 1 for f in one.fields):
                one.add_error(None, _("Each financial year is entered once."))
            made.append(Year(year, _only(one, opened)))
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
        if self.opened is not None:
            self.refusals += [sentence for form in wrong for sentence in _of_closed_fields(form)]
        return not wrong and not self.refusals

    def one_row_more(self, name: str) -> "SectionPage | None":
        """The page as typed with an empty row under `name`, where nothing is wrong but that the rows are not whole yet."""
        found = next((formset for known, _title, formset in self.formsets if known == name), None)
        said = getattr(found, "shares_open", "")
        rest = [form for form in self.forms if form is not found]
        if self.posted is None or found is None or not said or self.refusals or any(not one.is_valid() for one in rest):
            return None
        posted = self.posted.copy()
        posted[f"{name}-TOTAL_FORMS"] = str(found.total_form_count() + 1)
        page = SectionPage(self.file, self.key, posted, opened=self.opened)
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

    def values(self) -> dict[str, Any]:
        """What `save_answer_fields` writes: each opened thing by its key."""
        lists = {name: formset for name, _title, formset in self.formsets}
        years = {year.year: year.form for year in self.years}
        found: dict[str, Any] = {}
        for one in self.opened or ():
            if one.rows:
                found[one.key] = _rows(lists[one.name])
            else:
                found[one.key] = (years[one.year] if one.year else self.main).cleaned_data[one.name]
        return found

    def data(self) -> dict[str, Any]:
        """What `save_section` writes."""
        data: dict[str, Any] = dict(self.main.cleaned_data) if self.main is not None else {}
        for name, _title, formset in self.formsets:
            data[name] = _rows(formset)
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


def _rows(formset: Any) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k != "DELETE"} for row in formset.rows()]


def _only(form: Any, names: set[str] | None) -> Any:
    """The form with every field but these closed: a closed field keeps its value whatever is posted for it."""
    for name, field in form.fields.items():
        if names is not None:
            field.disabled = name not in names
            field.error_messages["required"] = _("Fill this in. Where there was none, write 0.")
    return form


def open_fields(form: Any) -> list[Any]:
    """The fields of a form that can be filled in."""
    return [field for field in form if not field.field.disabled]


def _of_closed_fields(form: Any) -> list[str]:
    """Errors that stand at fields nobody sees, as sentences: what was typed does not agree with what stands there."""
    found = []
    for name in [name for name, field in getattr(form, "fields", {}).items() if field.disabled and name in form.errors]:
        year = f", {form.prefix.removeprefix('year-')}" if form.prefix else ""
        found += [f"{form.fields[name].label}{year}: {sentence}" for sentence in form.errors.pop(name)]
    return found


def _typed(form: Any, before: str) -> list[tuple[str, str]]:
    lines = []
    for field in open_fields(form):
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


def item_in_words(one: Openable | None, value: Any) -> str:
    """What was kept of an opened field, or of a document (`one` is None), in words."""
    if one is None:
        return _("Version %(number)s, %(name)s") % {"number": value["version"], "name": value["name"]} if value else ""
    return _rows_in_words(one.model, value) if one.rows else _in_words(one.model, one.name, value)


def _rows_in_words(model: Any, rows: list[dict[str, str]] | None) -> str:
    """A line a row."""
    return "\n".join(", ".join(_in_words(model, name, value) for name, value in row.items()) for row in rows or [])


def _in_words(model: Any, name: str, value: str | None) -> str:
    field = model._meta.get_field(name)
    if value and isinstance(field, BigIntegerField):
        return rupees(value)
    if value and isinstance(field, DateField):
        return day(date.fromisoformat(value))
    choices = dict(field.flatchoices) | {"True": _("Yes"), "False": _("No")}
    return str(choices.get(value, MARK.sub("", value or "")))


def saved_words(revision: Revision | None, user: Any) -> str:
    """Who typed what stands here."""
    if revision is None or revision.by_id == user.pk:
        return ""
    return _("Last saved by %(who)s.") % {"who": revision.by.full_name}

"""A section as one page of forms: what is shown, whether it is right, what is to be saved."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from applications.actions.sections import STORES
from applications.forms import FORMSETS, MAIN_FORMS, ROW_FORMS, YEAR_FORMS, years_of
from applications.models import Application
from applications.notice import VERSION


@dataclass
class Year:
    """The form of one financial year."""

    year: str
    form: Any


class SectionPage:
    """The forms of one section, unbound from the file or bound to what was posted."""

    def __init__(self, file: Application, key: str, posted: QueryDict | None = None) -> None:
        self.file, self.key, self.posted = file, key, posted
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
        return all([form.is_valid() for form in self.forms])

    def add_error(self, field: str, sentence: str) -> None:
        """Put a refusal of the action where it belongs."""
        if self.main is not None:
            self.main.add_error(field if field in self.main.fields else None, sentence)

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


def saved_words(revision: Any, user: Any) -> str:
    """Who typed what stands here."""
    if revision is None or revision.by_id == user.pk:
        return ""
    return _("Last saved by %(who)s.") % {"who": revision.by.full_name}

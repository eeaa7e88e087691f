"""Pieces of the look that need a little logic: controls, the summary of errors, tags, clocks, bars, tiles."""

from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.forms.utils import flatatt
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records import outbox
from records.formats import indian

register = template.Library()
# Codes of Django's own sentences, which say what to do but not where.
SAME_EVERYWHERE = {"required", "invalid_choice", "max_length", "min_length", "max_decimal_places", "max_digits"}


# ---- Fields ----------------------------------------------------------------------------------------------------
@register.filter
def kind(field: BoundField) -> str:
    """Which shape of the look a field takes: hidden, check, radio, checks, select, file, money, text."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    for name, kinds in (
        ("check", forms.CheckboxInput),
        ("checks", forms.CheckboxSelectMultiple),
        ("radio", forms.RadioSelect),
        ("select", forms.Select),
        ("file", forms.FileInput),
    ):
        if isinstance(widget, kinds):
            return name
    return "money" if getattr(widget, "is_money", False) else "text"


@register.filter
def control(field: BoundField, more: str = "") -> Any:
    """The field's control in the classes of the look, tied to its hint and its error; `more`: ids that describe it too."""
    css = {"check": "form-check-input", "select": "form-select"}.get(kind(field), "form-control")
    own = str(field.field.widget.attrs.get("class", ""))
    bad = "is-invalid" if field.errors else ""
    # The label says what a placeholder would, and stays: placeholders of packages are left out.
    attrs: dict[str, Any] = {"class": " ".join(filter(None, (own, css, bad))), "placeholder": False}
    if more:
        attrs["aria-describedby"] = " ".join(filter(None, (field.aria_describedby, more)))
    if type(field.field.widget) is forms.Select:
        return _select(field, attrs)
    return field.as_widget(attrs=attrs)


SELECT = '<select name="{}"{}>{}</select>'


def _select(field: BoundField, attrs: dict[str, Any]) -> Any:
    """A plain list of choices, written here: Django renders three templates for each choice, and a desk has a hundred."""
    widget: Any = field.field.widget
    own = field.build_widget_attrs({"id": widget.attrs.get("id", field.auto_id)} | attrs, widget)
    choices = list(widget.choices)
    if not any(isinstance(label, list | tuple) for _value, label in choices):
        own = widget.build_attrs(widget.attrs, own)
        return format_html(SELECT, field.html_name, flatatt(own), _plain_options(choices, widget, field.value()))
    shown = widget.get_context(field.html_name, field.value(), own)["widget"]
    groups = (
        format_html('<optgroup label="{}">{}</optgroup>', name, _options(rows)) if name else _options(rows)
        for name, rows, _place in shown["optgroups"]
    )
    html = format_html_join("", "{}", ((group,) for group in groups))
    return format_html(SELECT, shown["name"], flatatt(shown["attrs"]), html)


def _plain_options(choices: list[tuple[Any, Any]], widget: forms.Select, value: Any) -> Any:
    """Choices without groups, without the dictionary that Django makes of each; the first that is chosen, is."""
    chosen, lines = widget.format_value(value), []
    for key, label in choices:
        own, mark = "" if key is None else str(key), ""
        if own in chosen:
            mark, chosen = " selected", []
        lines.append((own, mark, label))
    return format_html_join("", '<option value="{}"{}>{}</option>', lines)


def _options(rows: list[dict[str, Any]]) -> Any:
    lines = ((row["value"], flatatt(row["attrs"]), row["label"]) for row in rows)
    return format_html_join("", '<option value="{}"{}>{}</option>', lines)


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether the label says "(optional)": a draft's field that is asked for later does not."""
    return not field.field.required and not getattr(field.field, "asked", False)


# ---- Errors ----------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/error_summary.html")
def error_summary(*sources: Any) -> dict[str, Any]:
    """Every error of the forms, formsets and sentences given, each with the id of its control; nothing when none."""
    errors = [found for source in sources for found in _errors_in(source)]
    return {"errors": errors, "title": _things_to_fix(len(errors))}


@register.inclusion_tag("components/error_summary.html")
def error_summary_of(sources: list[Any]) -> dict[str, Any]:
    """The summary for a list of forms and formsets."""
    return error_summary(*sources)


def _errors_in(source: Any) -> list[tuple[str, str]]:
    if not source:
        return []
    if isinstance(source, BaseForm):
        return _errors_of(source)
    if isinstance(source, BaseFormSet):
        if not source.is_bound:
            return []
        return [("", str(error)) for error in source.non_form_errors()] + [
            e for form in source.forms for e in _errors_of(form)
        ]
    sentences: Iterable[Any] = source if isinstance(source, list | tuple) else [source]
    return [("", str(sentence)) for sentence in sentences]


def _errors_of(form: BaseForm) -> list[tuple[str, str]]:
    if not form.is_bound:
        return []
    found = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        # A link to a group of radios leads to the first: a fieldset takes no focus.
        target = f"{field.auto_id}_0" if kind(field) in {"radio", "checks"} else field.id_for_label or field.auto_id
        found += [("" if field.is_hidden else target, sentence) for sentence in _sentences(field)]
    return found


def _sentences(field: BoundField) -> list[str]:
    """The errors of a field; those that would read alike at every field name it first, a label that asks without colon."""
    label = str(field.label)
    named = f"{label} " if label.endswith("?") else f"{label}: "
    return [
        f"{named}{message}" if error.code in SAME_EVERYWHERE else str(message)
        for error in field.errors.as_data()
        for message in error
    ]


def _things_to_fix(count: int) -> str:
    words = {
        1: _("One thing to fix"),
        2: _("Two things to fix"),
        3: _("Three things to fix"),
        4: _("Four things to fix"),
        5: _("Five things to fix"),
        6: _("Six things to fix"),
        7: _("Seven things to fix"),
        8: _("Eight things to fix"),
        9: _("Nine things to fix"),
    }
    return words.get(count) or ngettext("%(count)s thing to fix", "%(count)s things to fix", count) % {"count": count}


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """The word "Error:" before the page's title when a form on it was sent back: a screen reader says it first."""
    return _("Error:") + " " if any(_sent_back(value) for value in context.flatten().values()) else ""


def _sent_back(value: Any) -> bool:
    # `_errors`, not `errors`: looking must not validate a form that its view has not validated.
    if isinstance(value, BaseForm):
        return value.is_bound and bool(value._errors)  # type: ignore[attr-defined]
    return isinstance(value, BaseFormSet) and value.is_bound and any(_sent_back(form) for form in value.forms)


# ---- Words with a shape ----------------------------------------------------------------------------------------
@register.simple_tag
def tag(turn: str, label: str) -> str:
    """A state tag. `turn`: still, office, yours, committee, good, reserve or bad; `label`: the state's own word."""
    return format_html('<span class="m-tag m-tag--{}">{}</span>', turn, label)


CLOCK_CHIP = (
    '<span class="m-clock m-clock--{}"><svg class="m-clock__bar" viewBox="0 0 {} 1" preserveAspectRatio="none"'
    ' aria-hidden="true"><rect class="used" width="{}" height="1"/></svg>{}</span>'
)


@register.simple_tag
def clock_chip(clock: Any) -> str:
    """Bar and words of a day count. `clock`: state (run, near, over, stop, none), day, limit in working days.

    Written here and not in a template: a list has one in every row.
    """
    if not clock.limit:
        return ""
    return format_html(CLOCK_CHIP, clock.state, clock.limit, min(clock.day, clock.limit), _clock_words(clock))


def _clock_words(clock: Any) -> str:
    over = clock.day - clock.limit
    if clock.state == "stop":
        return _("Paused at day %(day)s") % {"day": clock.day}
    if over > 0:
        return ngettext("%(days)s day over", "%(days)s days over", over) % {"days": over}
    return _("Day %(day)s of %(limit)s") % {"day": clock.day, "limit": clock.limit}


@register.inclusion_tag("components/bar.html")
def bar(value: Any, most: Any) -> dict[str, Any]:
    """A bar as long as `value` is of `most`. It only repeats the figure beside it."""
    return {"width": round(float(value) / float(most) * 1000) if most else 0}


@register.inclusion_tag("components/tile.html")
def tile(figure: Any, what: str, url: str = "", note: str = "", *, of: Any = "", turn: str = "") -> dict[str, Any]:
    """A figure that opens its rows (`url`), its words, one note. `turn`: "bad" or "yours" for a coloured top line."""
    return {
        "figure": indian(figure) if isinstance(figure, int) else figure,
        "what": what,
        "url": url,
        "note": note,
        "of": of,
        "turn": turn,
    }


@register.inclusion_tag("components/mails_late.html")
def mails_late(reader: str) -> dict[str, Any]:
    """Says that mails wait, where they do. `reader`: "waits" for one mail, or "keeps" the portal running."""
    return {"late": outbox.late(), "keeper": reader == "keeps"}


@register.inclusion_tag("components/empty.html")
def empty(title: str, words: str, url: str = "", act: str = "") -> dict[str, Any]:
    """What would be here, and the one act that fills it."""
    return {"title": title, "words": words, "url": url, "act": act}


@register.inclusion_tag("components/crumb.html")
def crumb(*parts: str) -> dict[str, Any]:
    """Where the reader is: url, label, url, label, …, and last the label of this page."""
    way = [{"url": parts[at], "label": parts[at + 1]} for at in range(0, len(parts) - 1, 2)]
    return {"way": way, "here": parts[-1]}


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """The value under a key that is known only at run time."""
    return mapping.get(key) if mapping else None

"""A line of the desk as a row of its table: written here and not in a template, because a desk has 25 of them at every visit."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from progress.desk import Line
from records.templatetags.components import clock_chip, tag

BOX = (
    '<td class="m-check"><label><input class="form-check-input" type="checkbox" name="file" value="{}"{}>'
    '<span class="visually-hidden">{}</span></label></td>'
)
HINT = '<span class="m-sub">{}</span>'
NOT_COUNTED = '<span class="m-quiet">{}</span>'
ROW = """<tr>{}
<td>{}</td>
<th scope="row" class="m-title"><a href="{}"><strong>{}</strong></a><span class="m-sub m-ref">{}</span>{}</th>
<td class="m-states"><span>{}<span class="m-sub">{}</span><span class="m-sub">{}</span></span></td>
<td data-label="{}"><span>{}<span class="m-sub">{}</span></span></td>
<td class="m-n" data-label="{}">{}</td>
<td data-label="{}"><a href="{}">{}</a></td>
</tr>"""


def row_of(line: Line, *, boxes: bool, ticked: bool, officer: bool) -> SafeString:
    """The row. `boxes`: whether it can be ticked; `officer`: whether the reader is told what to look at."""
    file, state = line.file, line.file.current
    return format_html(
        ROW,
        format_html(BOX, file.reference, " checked" if ticked else "", line.tick) if boxes else "",
        clock_chip(line.clock) or format_html(NOT_COUNTED, _("not counted")),
        line.url,
        file.enterprise.name,
        file.reference,
        format_html(HINT, line.hint) if officer and line.hint else "",
        tag(state.turn, str(state.label)),
        line.since,
        line.who,
        _("Taluk, activity"),
        file.taluk.name,
        line.activity,
        _("₹ crore, claimed"),
        line.crore,
        _("Next step"),
        line.step_url,
        line.step,
    )

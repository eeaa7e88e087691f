"""Tables out: CSV and XLSX that a spreadsheet opens in the right script and never runs."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import xlsxwriter
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

Answer = TypeVar("Answer", bound=HttpResponseBase)
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"


def safe(cell: Any) -> Any:
    """A cell as it may stand in a sheet: text that would be read as a formula gets an apostrophe; numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, int | float | Decimal):
        return cell
    text = str(cell).replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(LIVE) else text


class _Echo:
    """Gives back what is written, so that lines are sent as they are made."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The table line by line, header first."""
    writer = csv.writer(_Echo())
    yield BOM
    yield writer.writerow([safe(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])


def csv_response(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Answer with a CSV file. `name` is ours, never a person's text."""
    answer = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    return _kept_private(answer, name)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def xlsx_bytes(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """The table as a workbook of one sheet, written row by row; numbers stay numbers, no text becomes a formula or link."""
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole, {"constant_memory": True, **AS_TEXT}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 1)
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for number, row in enumerate([header, *rows]):
            for column, cell in enumerate(row):
                value = safe(cell)
                if value == "":
                    continue
                if isinstance(value, str):
                    sheet.write_string(number, column, value, None if number else bold)
                else:
                    sheet.write_number(number, column, value)
    return whole.getvalue()


def xlsx_response(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Answer with an XLSX file. `name` is ours, never a person's text."""
    return _kept_private(HttpResponse(xlsx_bytes(header, rows), content_type=XLSX), name)


def _kept_private(answer: Answer, name: str) -> Answer:
    """An attachment nobody caches or guesses the kind of."""
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer

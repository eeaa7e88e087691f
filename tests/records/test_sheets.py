"""Tables out, as CSV and XLSX, carry no live formula, headers included."""

import csv
import io
import re
import zipfile
from decimal import Decimal

import pytest

from records.sheets import csv_response, safe, xlsx_bytes, xlsx_response


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\u00a0=1"])
def test_what_would_run_is_text(text):
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("value", [5, -5, Decimal("-2.50"), "M1K-3-EKM-00042", "670/9", ""])
def test_numbers_and_plain_text_stay(value):
    assert safe(value) == value


def test_a_table_comes_back_whole():
    answer = csv_response("marks.csv", ["=Name", "Marks"], [["ഇലഞ്ഞി, സ്പൈസ്", Decimal("71.25")], [None, -3]])
    text = b"".join(answer).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["'=Name", "Marks"], ["ഇലഞ്ഞി, സ്പൈസ്", "71.25"], ["", "-3"]]
    assert answer["Content-Disposition"] == 'attachment; filename="marks.csv"'


def opened(content: bytes) -> str:
    """The sheet's XML: what a spreadsheet reads."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_a_workbook_holds_numbers_as_numbers_and_text_as_text():
    sheet = opened(xlsx_bytes(["District", "Files"], [["ഇടുക്കി", 12], ["Kollam", Decimal("-2.5")], [None, 0]]))
    assert re.findall(r"<v>(.*?)</v>", sheet) == ["12", "-2.5", "0"]
    assert re.findall(r"<t[^>]*>(.*?)</t>", sheet) == ["District", "Files", "ഇടുക്കി", "Kollam"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "{=1}", "http://127.0.0.1/", "007"])
def test_no_cell_of_a_workbook_is_a_formula_or_a_link_headers_included(text):
    sheet = opened(xlsx_bytes([text], [[text]]))
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert re.findall(r"<t[^>]*>(.*?)</t>", sheet) == [safe(text)] * 2


def test_a_workbook_is_an_attachment_nobody_keeps():
    answer = xlsx_response("districts-2026-05.xlsx", ["District"], [["Kollam"]])
    assert answer["Content-Disposition"] == 'attachment; filename="districts-2026-05.xlsx"'
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Kollam" in opened(answer.content)

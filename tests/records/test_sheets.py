"""Tables out carry no live formula, headers included."""

import csv
import io
from decimal import Decimal

import pytest

from records.sheets import csv_response, safe


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

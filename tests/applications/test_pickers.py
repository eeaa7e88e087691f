"""What a file picker offers is what the portal takes, by type: endings grey out .jpe, .jfif and what has none."""

import re

from django.test import Client

from applications.forms import DocumentForm
from evaluation.forms.visits import VisitForm
from records.files import PDF_AND_PICTURES, PICTURES
from tests.applications.conftest import World


def test_every_picker_names_types(world: World, mine: Client) -> None:
    page = mine.get(f"/applications/{world.draft().reference}/documents/").content.decode()
    offered = set(re.findall(r'accept="([^"]*)"', page))
    assert offered == {",".join(PDF_AND_PICTURES)}
    assert DocumentForm().fields["file"].widget.attrs["accept"] == ",".join(PDF_AND_PICTURES)
    assert VisitForm.base_fields["photographs"].widget.attrs["accept"] == ",".join(PICTURES)

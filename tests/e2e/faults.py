"""What is wrong with the page a browser shows: what axe finds, and what the eye would."""

from axe_playwright_python.sync_playwright import Axe

from tests.e2e.visitor import Visitor

AXE = Axe()
WIDTHS = (1280, 360)  # pixels: at a desk and on a phone
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(person: Visitor) -> str:
    """What axe finds on the page; and where it is wider than the window, at a desk and on a phone."""
    result = AXE.run(person.page)
    found = result.generate_report() if result.violations_count else ""
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 900})
        if (wider := person.page.evaluate(WIDER)) > 0:
            found += f"{wider} px wider than a window of {width} px"
    return found

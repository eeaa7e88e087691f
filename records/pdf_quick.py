"""Shorter ways to the same result inside WeasyPrint, for long tables: what a style and a text lead to is worked out once.

Every paper comes out the same to the byte (tests/records/test_press_bytes.py prints with and without). The wrapped names are
those of one version; with any other nothing is shortened, papers only take longer. docs/adr/0015 says what each saves.
"""

import re
import sys
from collections.abc import Callable
from math import inf
from typing import Any

VERSION = "70.0"
RESOLVED = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in ("left", "right", "top", "bottom")),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
    *(f"border_{side}_width" for side in ("top", "right", "bottom", "left")),
)
BORDERS = RESOLVED[-4:]
CORNERS = tuple(f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left"))
SQUARE = dict.fromkeys(CORNERS, (0, 0))
ADJUSTED = "justify"  # lines set so are stretched after they were measured


def shorten() -> None:
    """Put the shorter ways in place, once in a process, before the first paper."""
    import weasyprint  # noqa: PLC0415 -- only the press imports it

    if weasyprint.VERSION != VERSION:
        return
    for part in (_parsing, _styles, _boxes, _sizes, _texts, _drawing, _writing):
        part()


def everywhere(old: Any, new: Any) -> None:
    """Put `new` in the place of `old` in every module of WeasyPrint that has it."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "weasyprint":
            for own, value in list(vars(module).items()):
                if value is old:
                    setattr(module, own, new)


def kept(style: Any, name: str) -> dict[Any, Any]:
    """What was worked out for a style, beside it: it is shared by all elements alike and does not change during the layout."""
    found = style.__dict__.get(name)
    if found is None:
        found = style.__dict__[name] = {}
    return found


def _parsing() -> None:
    """The parser compiles a pattern anew at each text: its cache looks under another key than it writes."""
    from tinyhtml5 import inputstream  # noqa: PLC0415 -- only the press imports it

    class Patterns(dict[Any, Any]):
        def __missing__(self, key: tuple[Any, bool]) -> Any:
            characters, opposite = key
            listed = "".join(f"\\x{ord(one):02x}" for one in characters)
            self[key] = pattern = re.compile(f"[{'' if opposite else '^'}{listed}]+")
            return pattern

    inputstream.characters_until_regex = Patterns()


def _styles() -> None:
    """Elements alike share a style also where they have a language; that of a marker or footnote is made when asked for."""
    from weasyprint import css  # noqa: PLC0415 -- only the press imports it
    from weasyprint.css import functions  # noqa: PLC0415 -- as above

    found, called = css.find_style_attributes, css.StyleFor.__call__
    languages: dict[str, tuple[Any, ...]] = {}

    def find(tree: Any, presentational_hints: bool = False, base_url: str | None = None) -> Any:
        for specificity, element, declarations, base in found(tree, presentational_hints, base_url):
            own = element.attrib
            plain = "lang" in own and not own.keys() & {"style", "id", "name"} and not element.tag.endswith("svg")
            same = languages.setdefault(own["lang"], tuple(declarations)) if plain else tuple(declarations)
            yield specificity, element, same, base

    def call(self: Any, element: Any, pseudo_type: str | None = None) -> Any:
        if pseudo_type and (element, pseudo_type) in self.later:
            _now(css, self, element, pseudo_type)
        return called(self, element, pseudo_type)

    calculated = functions.check_math
    words_and_numbers = {str, float, int, type(None)}

    def is_calculated(value: Any) -> Any:
        return None if type(value) in words_and_numbers else calculated(value)

    everywhere(calculated, is_calculated)
    css.find_style_attributes = find
    css.StyleFor.__init__ = partial_method(_computed, css)
    css.StyleFor.__call__ = call


def partial_method(function: Callable[..., Any], *first: Any) -> Callable[..., Any]:
    """A method of a class out of a function that takes something before `self`."""
    return lambda self, *rest, **more: function(*first, self, *rest, **more)


def _computed(css: Any, self: Any, html: Any, sheets: Any, *rest: Any) -> None:
    """StyleFor.__init__: the cascade of an element is worked out only where no element before it was matched alike."""
    self._cascaded_styles, self._computed_styles = {}, {}
    self.initial_page_sizes = {"box": None, "area": None}
    hints, self.font_config, targets = rest
    self._sheets = sheets
    self.later, self.how = {}, {"root": html.etree_element, "base_url": html.base_url, "target_collector": targets}
    own = _own_declarations(css, self, html, hints)
    known: dict[Any, Any] = {}
    computed = self._computed_styles
    for element in html.wrapper_element.iter_subtree():
        tree = element.etree_element
        parent = element.parent.etree_element if element.parent else None
        keys, matched = _matched(sheets, element)
        for one in matched:
            if one[0]:
                self.later.setdefault((tree, one[0]), []).append(one)
        key = (id(computed[parent, None]) if element.parent else None, own.get(tree), keys)
        if key not in known:
            style = self._cascaded_styles.setdefault((tree, None), {})
            for one in matched:
                if not one[0]:
                    _cascade(css, style, one[1:])
            self.set_computed_styles(tree, parent=parent, **self.how)
            known[key] = computed[tree, None]
        computed[tree, None] = known[key]
    self._cascaded_styles.clear()
    for (tree, pseudo_type), matched in list(self.later.items()):
        if any(name == "anchor" for one in matched for name, _value, _important in one[1]):
            _now(css, self, tree, pseudo_type)


def _own_declarations(css: Any, self: Any, html: Any, hints: bool) -> dict[Any, tuple[Any, ...]]:
    """What elements declare by their attributes, put into their cascade."""
    own: dict[Any, tuple[Any, ...]] = {}
    read: dict[tuple[Any, ...], list[Any]] = {}
    for specificity, element, declarations, base_url in css.find_style_attributes(
        html.etree_element, hints, html.base_url
    ):
        own[element] = declarations
        if declarations not in read:
            read[declarations] = list(css.preprocess_declarations(base_url, declarations))
        style = self._cascaded_styles.setdefault((element, None), {})
        _cascade(css, style, (read[declarations], "author", inf, specificity))
    return own


def _matched(sheets: Any, element: Any) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    keys, matched = [], []
    for sheet, origin, sheet_specificity in sheets:
        for specificity, _order, pseudo_type, (declarations, layer) in sheet.matcher.match(element):
            place = inf if layer is None else sheet.layers.index(layer)
            keys.append((sheet, specificity, id(declarations), place))
            matched.append((pseudo_type, declarations, origin, place, sheet_specificity or specificity))
    return tuple(keys), matched


def _cascade(css: Any, style: Any, rule: tuple[Any, ...]) -> None:
    declarations, origin, place, specificity = rule
    for name, values, important in declarations:
        weight = (css.declaration_precedence(origin, important), place, specificity)
        old = style.get(name, (None, None))[1]
        if old is None or old <= weight:
            style[name] = values, weight


def _now(css: Any, self: Any, element: Any, pseudo_type: str) -> None:
    """The style of a pseudo-element, for which somebody asks."""
    style: dict[str, Any] = {}
    self._cascaded_styles[element, pseudo_type] = style
    for one in self.later.pop((element, pseudo_type)):
        _cascade(css, style, one[1:])
    self.set_computed_styles(element, parent=element, pseudo_type=pseudo_type, **self.how)
    del self._cascaded_styles[element, pseudo_type]


def _boxes() -> None:
    """Whether a box is in the flow follows from its style, on which named page it stands from its children."""
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415 -- only the press imports it

    flowing, paged = boxes.Box.is_in_normal_flow, boxes.ParentBox.page_values

    def in_flow(self: Any) -> bool:
        own = self.style.__dict__
        if "in_flow" not in own:
            own["in_flow"] = flowing(self)
        return own["in_flow"]

    def pages(self: Any) -> Any:
        own = self.__dict__
        known = own.get("pages")
        if known is None or known[0] is not self.children:
            known = own["pages"] = (self.children, paged(self))
        return known[1]

    boxes.Box.is_in_normal_flow = in_flow
    boxes.ParentBox.page_values = pages


def _sizes() -> None:
    """Margins, paddings, widths and corners follow from the style and the size of what stands around."""
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415 -- only the press imports it
    from weasyprint.layout import percent  # noqa: PLC0415 -- as above

    resolved, rounded = percent.resolve_percentages, percent.resolve_radii_percentages

    def resolve(box: Any, containing_block: Any) -> None:
        if box.is_flex_item or box.is_grid_item or isinstance(box, boxes.PageBox):  # their styles change meanwhile
            resolved(box, containing_block)
            return
        own = box.__dict__
        is_box = isinstance(containing_block, boxes.Box)
        size = (containing_block.width, containing_block.height) if is_box else containing_block
        joined = box.style["border_collapse"] == "collapse"  # then borders are set already, by their neighbours
        key = (*size, *map(own.get, BORDERS)) if joined else size
        known = kept(box.style, "sizes")
        if key in known:
            own.update(known[key])
            return
        resolved(box, containing_block)
        known[key] = {name: own[name] for name in RESOLVED}

    def corners(box: Any) -> None:
        own = box.style.__dict__
        if "square" not in own:
            own["square"] = all((0, "px") in box.style[name] for name in CORNERS)
        if own["square"]:
            box.__dict__.update(SQUARE)
        else:
            rounded(box)

    everywhere(resolved, resolve)
    everywhere(rounded, corners)


def _texts() -> None:
    """The same words in the same style and width are measured once; the height of a line is looked up once a style."""
    from weasyprint.text import line_break  # noqa: PLC0415 -- only the press imports it

    split, strut = line_break.split_first_line, line_break.strut

    def measured(text: str, style: Any, context: Any, *rest: Any, **more: Any) -> Any:
        if ADJUSTED in {style["text_align_all"], style["text_align_last"]}:
            return split(text, style, context, *rest, **more)
        known, key = kept(style, "lines"), (text, rest, *sorted(more.items()))
        if key not in known:
            known[key] = split(text, style, context, *rest, **more)
        return known[key]

    def height(style: Any) -> Any:
        own = style.__dict__
        if "strut" not in own:
            own["strut"] = strut(style)
        return own["strut"]

    everywhere(split, measured)
    everywhere(strut, height)


def _drawing() -> None:
    """A text drawn before is drawn by the same operators."""
    from weasyprint.draw import text  # noqa: PLC0415 -- only the press imports it
    from weasyprint.text.line_break import Layout  # noqa: PLC0415 -- as above

    drawn = text.draw_first_line
    woken, laid = Layout.reactivate, Layout.deactivate

    def draw(stream: Any, box: Any, overflow: str, ellipsis: Any, matrix: Any) -> Any:
        cut = overflow == "ellipsis" or ellipsis != "none"
        known, key = kept(box.style, "drawn"), (box.pango_layout.text, box.text, stream._current_font)
        if key in known and not cut:
            operators, stream._current_font = known[key]
            stream.set_text_matrix(*matrix.values)
            stream.stream.extend(operators)
            return []
        if box.pango_layout.__dict__.pop("asleep", False):
            woken(box.pango_layout, box.style)
        before = len(stream.stream)
        pictures = drawn(stream, box, overflow, ellipsis, matrix)
        if len(stream.stream) > before and not pictures and not cut:
            known[key] = (stream.stream[before + 1 :], stream._current_font)
        return pictures

    def wake(self: Any, style: Any) -> None:
        if style["text_decoration_line"] != "none":
            woken(self, style)
        else:
            self.asleep = True  # until somebody must look at it

    def lay(self: Any) -> None:
        if not self.__dict__.pop("asleep", False):
            laid(self)

    Layout.reactivate, Layout.deactivate, text.draw_first_line = wake, lay, draw


def _writing() -> None:
    """Numbers and words become bytes by the shortest way, and a page's reference is made for the page that is asked for."""
    import pydyf  # noqa: PLC0415 -- only the press imports it

    longer = pydyf._to_bytes

    def to_bytes(item: Any) -> bytes:
        kind = type(item)
        if kind is bytes:
            return item
        if kind is str:
            return item.encode("ascii")
        return b"%d" % item if kind is int else longer(item)

    class References:
        def __init__(self, kids: list[Any]) -> None:
            self.kids = kids

        def __getitem__(self, place: int) -> bytes:
            return f"{self.kids[3 * place]} 0 R".encode("ascii")

    pydyf._to_bytes = to_bytes
    pydyf.PDF.page_references = property(lambda self: References(self.pages["Kids"]))

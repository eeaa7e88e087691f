"""A page where Django answers with an empty one: an address that takes only what a form sends, opened by hand or by Back."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string


class PageForNotAllowed:
    """Middleware: gives an empty 405 its page in the reader's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and request.method == "GET":
            answer.content = render_to_string("405.html", request=request).encode()
        return answer

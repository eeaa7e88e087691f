"""Pages for addresses that nothing answers as they were asked: opened by hand where only a form sends, or with a NUL."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string


class PageForNotAllowed:
    """Middleware: gives an empty 405 its page in the reader's language; an address with a NUL in it is not found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404  # nothing is named so, and PostgreSQL refuses to look for it
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and request.method == "GET":
            answer.content = render_to_string("405.html", request=request).encode()
        return answer

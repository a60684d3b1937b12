"""A saved page as the standard library's parser sees it."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = {"br", "hr", "meta"}


class Page(HTMLParser):
    """`elements` are (tag, attributes) in their order; `text` gives what stands in one of them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._texts: list[list[str]] = []
        self._open: list[int] = []
        self.feed(html)
        self.close()
        assert not self._open, "unclosed elements"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._texts.append([])
        if tag not in _VOID:
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag, f"unbalanced </{tag}>"

    def handle_data(self, data: str) -> None:
        for number in self._open:
            self._texts[number].append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def all(self, tag: str, css_class: str = "") -> list[tuple[str, dict[str, str]]]:
        """(text, attributes) of each element of this tag that has this class."""
        return [
            ("".join(text), attributes)
            for (name, attributes), text in zip(self.elements, self._texts, strict=True)
            if name == tag and (not css_class or css_class in attributes.get("class", "").split())
        ]

    def texts(self, tag: str, css_class: str = "") -> list[str]:
        """The text of each such element."""
        return [text for text, _ in self.all(tag, css_class)]

    @property
    def headings(self) -> list[int]:
        """The levels of the headings in their order."""
        return [int(tag[1]) for tag, _ in self.elements if tag[0] == "h" and tag[1:].isdigit()]

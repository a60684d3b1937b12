"""An oracle for safe HTML that knows nothing of the renderer: the standard library's parser."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_TAG_NAMES = """
p h1 h2 h3 h4 h5 h6 ul ol li blockquote hr br table thead tbody tr th td section div span pre code
em strong s sub sup kbd a
"""
TAGS = set(_TAG_NAMES.split())
ATTRIBUTES = {"class", "dir", "style", "href", "title", "id", "rel", "target", "start"}
VOID = {"br", "hr"}
OWN_CLASS = re.compile(r"mibyan-[a-z]+|highlight|(tex2jax|mathjax)_ignore|[a-z][a-z0-9]{0,2}")
LINK = re.compile(r"https?://\S+|mailto:\S+|#fn(ref)?-[\w-]+", re.IGNORECASE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []
        self.links: list[dict[str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"tag <{tag}>")
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            self._check(tag, name, value or "")
        if tag == "a":
            self.links.append({name: value or "" for name, value in attrs})

    def _check(self, tag: str, name: str, value: str) -> None:
        if name not in ATTRIBUTES:
            self.faults.append(f"attribute {name}={value!r} of <{tag}>")
        elif name == "class" and not all(OWN_CLASS.fullmatch(part) for part in value.split()):
            self.faults.append(f"class {value!r}")
        elif name == "href" and not LINK.fullmatch(value):
            self.faults.append(f"link to {value!r}")
        elif name == "style" and re.search(r"url|expression|position|fixed|@|\\", value):
            self.faults.append(f"style {value!r}")
        elif name == "id" and not re.fullmatch(r"fn(ref)?-[\w-]+", value):
            self.faults.append(f"id {value!r}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"unbalanced </{tag}>")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data!r}")


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def faults(html: str) -> list[str]:
    """What the HTML holds that an answer may not hold."""
    reader = _read(html)
    return reader.faults + [f"unclosed <{tag}>" for tag in reader.open]


def links(html: str) -> list[dict[str, str]]:
    """The attributes of each link."""
    return _read(html).links


def text_of(html: str) -> str:
    """What a reader sees, without the tags."""
    return "".join(_read(html).text)

"""IPython's syntax as plain Python, for reading names only: magics, shell lines, help. Pure.

What a magic returns or prints has no code; `MAGIC` stands for it. Names that IPython would
interpolate (`{name}`, `$name`) become arguments, names that a magic binds become assignments.
"""

from __future__ import annotations

import ast
import re
from keyword import iskeyword
from textwrap import indent

MAGIC = "__magic__"

_RUNS_PYTHON = {"time", "prun", "capture"}
_TRIES_PYTHON = {"timeit", "memit"}  # what they assign is not kept
_RUNS_UNSEEN = {"run", "load", "loadpy", "rerun", "recall", "rep", "macro", "edit"}
_TEXT_CELLS = {
    *("!", "sx", "system", "bash", "sh", "script", "cmd", "html", "HTML", "javascript", "js"),
    *("latex", "markdown", "svg", "SVG", "writefile", "file", "mibyan", "ai", "perl", "ruby"),
    *("R", "julia", "cython", "mermaid", "cache"),
}
_QUERIES = {"sql", "bigquery", "duckdb"}  # they may read any variable by its bare name

_CELL_MAGIC = re.compile(r"\s*%%(\w+|!)[ \t]*([^\n]*)(?:\n|\Z)")
_LINE = re.compile(
    r"(?P<indent>[ \t]*)(?:"
    r"(?P<target>[^\W\d][\w \t,.*\[\]]*?)[ \t]*=[ \t]*(?P<called>!|%(?P<call>\w+))(?P<rest>.*)"
    r"|!!?(?P<shell>.*)"
    r"|%(?P<magic>\w+)(?P<arguments>.*)"
    r"|\?{1,2}[ \t]*%{0,2}(?P<asked>[\w.*]+).*"
    r"|%{0,2}(?P<helped>[^\W\d][\w.*\[\]'\"]*)[ \t]*\?{1,2}[ \t]*"
    r")\Z"
)
_ODD_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?![\\'\"\n\rabfnrtvxuUN0-7])")
_NAME = re.compile(r"[^\W\d]\w*")
_INTERPOLATED = re.compile(r"\{([^{}\n]{1,200})\}|\$\{?([^\W\d]\w*)")
_BOUND = re.compile(r"(?:--out(?:put)?|--err|--proc|(?<!\S)-o)[ \t=]+([^\W\d]\w*)|(\w+)[ \t]*<<")
_PASSED = re.compile(r"(?:--input|(?<!\S)-i)[ \t=]+([\w,]+)")
_OPTIONS = re.compile(r"(?:[ \t]*-{1,2}[a-zA-Z][\w-]*(?:[ \t]+\d+)?(?=[ \t]))*[ \t]*")
_SCAN = re.compile(r"'''|\"\"\"|['\"]|\\.|#|[([{]|[)\]}]")


def parse(source: str) -> ast.Module | None:
    """The tree of a cell as plain Python, or None where even that does not parse."""
    return _parse(source) or _parse(python_of(source))


def python_of(source: str) -> str:
    """A cell's source with every piece of IPython syntax replaced by plain Python."""
    found = _CELL_MAGIC.match(source)
    if found is None:
        return _python_of_lines(source)
    name, line, body = found[1], found[2], source[found.end() :]
    if name in _RUNS_PYTHON:
        return f"{python_of(body)}\n{_captured(name, line, body)}"
    if name in _TRIES_PYTHON:
        return _apart(_OPTIONS.sub("", line, count=1) + "\n" + python_of(body))
    if name in _TEXT_CELLS | _QUERIES:
        return _statement(line, body if name in _QUERIES else "")
    python = python_of(body)
    return _perhaps(python) if _parse(python) else _statement(line, "")


def names_in(text: str) -> list[str]:
    """The identifiers of a text, keywords left out."""
    return [name for name in _NAME.findall(text) if not iskeyword(name)]


def _parse(source: str) -> ast.Module | None:
    # Python warns of an odd escape where the cell runs, once. Any change to the filters, as
    # catch_warnings makes, would have it repeat what it has warned of before.
    plain = _ODD_ESCAPE.sub(r"\\\g<0>", source) if "\\" in source else source
    try:
        return ast.parse(plain, "<mibyan-notebook>")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _captured(name: str, line: str, body: str) -> str:
    """`%%capture out` binds `out` to what the body shows."""
    targets = [word for word in line.split() if _NAME.fullmatch(word)] if name == "capture" else []
    return "".join(f"{target} = {_value('', body)}\n" for target in targets)


def _perhaps(python: str) -> str:
    """Code whose assignments are not certain to stay."""
    return f"if {MAGIC}:\n{indent(python, '    ')}\n    pass\n"


def _apart(python: str) -> str:
    """Code that runs at once, in a scope of its own; a call that is timed has no other purpose."""
    tree = _parse(python)
    if tree and len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
        python = f"{MAGIC} = ({python.strip()}\n)"
    return f"class {MAGIC}:\n{indent(python, '    ')}\n    pass\n"


def _statement(line: str, query: str) -> str:
    targets = [option or left for option, left in _BOUND.findall(line)]
    target = "".join(f"{name} = " for name in targets if _NAME.fullmatch(name))
    return f"{target}{_value(line, query)}"


def _value(line: str, query: str = "") -> str:
    """A call with everything that a magic's text reads."""
    inside = " ".join(code or name for code, name in _INTERPOLATED.findall(line))
    passed = " ".join(_PASSED.findall(line)).replace(",", " ")
    names = dict.fromkeys(names_in(f"{inside} {passed} {query}"))
    return f"{MAGIC}({', '.join(names)})"


def _python_of_lines(source: str) -> str:
    """The source with magic lines replaced; lines inside strings and brackets stay."""
    python: list[str] = []
    quote, depth = "", 0
    for line in re.sub(r"(?m)^([ \t]*[!%].*)\\\n", r"\1 ", source).split("\n"):
        found = None if quote or depth else _LINE.match(line)
        if found:
            python.append(found["indent"] + _python_of_line(found))
        else:
            quote, depth = _scan(line, quote, depth)
            python.append(line)
    return "\n".join(python)


def _scan(line: str, quote: str, depth: int) -> tuple[str, int]:
    """The open quote and the number of open brackets at the end of a line."""
    for mark in _SCAN.findall(line):
        if quote:
            quote = "" if mark == quote else quote
        elif mark == "#":
            break
        elif mark[0] in "'\"":
            quote = mark
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(0, depth - 1)
    return quote if len(quote) == 3 or line.endswith("\\") else "", depth


def _python_of_line(found: re.Match[str]) -> str:
    if found["target"]:
        return f"{found['target']} = {_assigned(found['call'] or '', found['rest'])}"
    if found["magic"]:
        return _python_of_magic(found["magic"], found["arguments"])
    if found["shell"] is not None:
        return _value(found["shell"])
    return f"{MAGIC}({', '.join(names_in(found['asked'] or found['helped'])[:1])})"


def _assigned(magic: str, rest: str) -> str:
    if magic == "time" and _parse(rest.strip()):
        return rest.strip()
    reads_all = magic in _QUERIES | _RUNS_PYTHON | _TRIES_PYTHON
    return _value(rest, rest if reads_all else "")


def _python_of_magic(name: str, arguments: str) -> str:
    code = arguments[_OPTIONS.match(arguments).end() :].strip()  # type: ignore[union-attr]
    if name in _RUNS_PYTHON and _parse(code):
        return code or "pass"
    if name in _TRIES_PYTHON and _parse(f"if {MAGIC}: {code}"):
        timed = _parse(code)
        alone = timed and len(timed.body) == 1 and isinstance(timed.body[0], ast.Expr)
        return f"class {MAGIC}: {f'{MAGIC} = ({code})' if alone else code}"
    if name in _RUNS_UNSEEN or (name == "store" and arguments.split() == ["-r"]):
        return f"exec({_value(arguments)})"
    if name == "store" and "-r" in arguments.split():
        return "; ".join(f"{each} = {MAGIC}()" for each in names_in(code)) or "pass"
    if name == "pylab":
        return "from pylab import *"
    reads_all = name in _QUERIES | _RUNS_PYTHON | _TRIES_PYTHON | {"lprun", "mprun"}
    return _statement(arguments, arguments if reads_all else "")

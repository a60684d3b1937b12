"""What the names of a cell do, row by row; which names a prompt mentions."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mibyan_jupyter.context.slicing.names import CellNames, mentioned_names, names_of

# source: what it defines, uses, changes, deletes
NAMES: dict[str, tuple[str, str, str, str]] = {
    # binding
    "x = 1": ("x", "", "", ""),
    "x = y": ("x", "y", "", ""),
    "x = y = z": ("x y", "z", "", ""),
    "x: int = y": ("x", "int y", "", ""),
    "x: int": ("", "int", "", ""),
    "a, (b, *c) = d": ("a b c", "d", "", ""),
    "x = 1\ny = x": ("x y", "", "", ""),
    "y = x\nx = 1": ("x y", "x", "", ""),
    "(n := f(m))": ("n", "f m", "", ""),
    "x = x + 1": ("x", "x", "", ""),
    # branches and loops
    "if c: x = 1\ny = x": ("x y", "c x", "", ""),
    "if c: x = 1\nelse: x = 2\ny = x": ("x y", "c", "", ""),
    "for i in r: t = i": ("i t", "r", "", ""),
    "for i, (a, b) in r.items(): print(a)": ("i a b", "r print", "", ""),
    "while x: x = f(x)": ("x", "f x", "", ""),
    "async for i in r: pass": ("i", "r", "", ""),
    "try: x = 1\nexcept E as e: y = e": ("x y e", "E", "", ""),
    "try:\n    import a\nexcept ImportError:\n    a = None\na": ("a", "ImportError", "", ""),
    "with open(p) as f: t = f.read()": ("f t", "open p", "", ""),
    "match v:\n    case [a, *b]: x = a\n    case {'k': c, **d}: pass": ("a b c d x", "v", "", ""),
    "match v:\n    case P(q=w) as z: pass": ("w z", "v P", "", ""),
    # imports
    "import numpy as np, os.path": ("np os", "", "", ""),
    "from a.b import c, d as e": ("c e", "", "", ""),
    # changing in place
    "df['a'] = x": ("", "df x", "df", ""),
    "df.loc[m, 'a'] = x": ("", "df m x", "df", ""),
    "o.a.b = 1": ("", "o", "o", ""),
    "x += y": ("", "x y", "x", ""),
    "d['k'] += 1": ("", "d", "d", ""),
    "l.append(x)": ("", "l x", "l", ""),
    "y = l.pop()": ("y", "l", "l", ""),
    "df.head()": ("", "df", "", ""),
    "df.plot(x='a')": ("", "df", "", ""),
    "ax.plot(x, y)": ("", "ax x y", "ax", ""),
    "df.x.str.upper()": ("", "df", "", ""),
    "df.dropna(inplace=True)": ("", "df", "df", ""),
    "df.dropna(inplace=False)": ("", "df", "", ""),
    "np.add(a, b, out=c)": ("", "np a b c", "np c", ""),
    "sns.lineplot(df, ax=ax)": ("", "sns df ax", "sns ax", ""),
    "random.shuffle(deck)": ("", "random deck", "random deck", ""),
    "model.fit(X, y)": ("", "model X y", "model", ""),
    "s = model.fit(X).score(y)": ("s", "model X y", "model", ""),
    "for ax in axes: ax.set_title(t)": ("ax", "axes t", "ax axes", ""),
    "b = a\nb.append(1)": ("b", "a", "a b", ""),
    "[l.append(x) for x in xs]": ("", "l xs", "l", ""),
    "(a if c else b).append(1)": ("", "a b c", "a b", ""),
    # (a call of a module's function changes nothing; which names are modules, the notebook knows)
    # deleting
    "del x": ("", "x", "", "x"),
    "del df['a']": ("", "df", "df", ""),
    "x = 1\ndel x": ("x", "", "", "x"),
    # scopes
    "def f(a, b=k): return a + g": ("f", "k", "", ""),
    "def f(): return k\nf()": ("f", "k", "", ""),
    "k = 1\ndef f(): return k\nf()": ("f k", "", "", ""),
    "def f():\n    global n\n    n = 1\nf()": ("f", "", "n", ""),
    "@d\ndef f(x: T) -> R: pass": ("f", "d R T", "", ""),
    "async def f(): await g()": ("f", "", "", ""),
    "class C(B, metaclass=M):\n    z = q\n    def m(self): return z": ("C", "B M q", "", ""),
    "f = lambda a: a + k": ("f", "k", "", ""),
    "[x + k for x in xs if x]": ("", "k xs", "", ""),
    "[x for x in x]": ("", "x", "", ""),
    "{k: v for k, v in d.items()}": ("", "d", "", ""),
    "[(y := x) for x in xs]": ("y", "xs", "", ""),
    "[b for a in m for b in a]": ("", "m", "", ""),
    'f"{x:{w}} {y!r}"': ("", "w x y", "", ""),
    "await f(x)": ("", "f x", "", ""),
    "globals()['x'] = y": ("x", "globals y", "", ""),
    "exec('x = y')": ("x", "exec y", "", ""),
    "df.query('a > @limit')": ("", "df limit", "", ""),
    # IPython
    "%matplotlib inline": ("", "", "", ""),
    "%time x = f(y)": ("x", "f y", "", ""),
    "x = %time f(y)": ("x", "f y", "", ""),
    "%timeit -n 10 -r 3 f(x)": ("", "f x", "", ""),
    "%%time\nx = y": ("x", "y", "", ""),
    "%%capture --no-stderr out\nprint(x)": ("out", "print x", "", ""),
    "%%timeit setup = 1\nx = y": ("", "y", "", ""),
    "%%timeit -n 3\nx.append(y)": ("", "x y", "x", ""),
    "%%bash\necho $x": ("", "", "", ""),
    "%%bash --out t --err e\nls": ("t e", "", "", ""),
    "%%html\n<b>x</b>": ("", "", "", ""),
    "%%mibyan -o answer\nWhy is x so big?": ("answer", "", "", ""),
    "%%writefile a.py\nx = 1": ("", "", "", ""),
    "%%sql result <<\nSELECT a FROM t": ("result", "SELECT a FROM t", "", ""),
    "%%some_profiler\nx = y": ("x", "y", "", ""),
    "%%unknown\nthis is no code": ("", "", "", ""),
    "%%time\n%%capture out\nx = y": ("x out", "y", "", ""),
    "!pip install {package} $other": ("", "package other", "", ""),
    "files = !ls {folder}": ("files", "folder", "", ""),
    "rows = %sql SELECT * FROM t": ("rows", "SELECT FROM t", "", ""),
    "df.head?": ("", "df", "", ""),
    "?df": ("", "df", "", ""),
    "df??": ("", "df", "", ""),
    "%store -r x y": ("x y", "", "", ""),
    "if a:\n    !ls\n    %time b = c": ("b", "a c", "", ""),
    "x = (1\n% 2)\n!ls": ("x", "", "", ""),
    's = """\n!ls {a}\n%time b\n"""\n!ls {c}': ("s", "c", "", ""),
    "!ls \\\n  {a}\nx = 1": ("x", "a", "", ""),
    # no Python
    "x = (": ("x", "x", "", ""),
    "print 'a', b\nfor i in c: d += i": ("i", "a b c d i print", "", ""),
    "df['a'] = 1 1": ("", "a df", "df", ""),
    "": ("", "", "", ""),
    "# only a comment": ("", "", "", ""),
}


@pytest.mark.parametrize("source", NAMES)
def test_names_of_a_cell(source: str) -> None:
    """What a cell defines, uses before it has defined it, changes in place, and deletes."""
    names = names_of(source)
    found = (names.defines, names.uses, names.changes, names.deletes)
    assert found == tuple(frozenset(words.split()) for words in NAMES[source])


@pytest.mark.parametrize(
    ("source", "attribute", "value"),
    [
        ("import pandas as pd, os.path\nfrom a.b import c", "imports", {"pandas", "os", "a"}),
        ("from . import a", "imports", set()),
        ("import pandas as pd\nfrom a import b", "modules", {"pd"}),
        ("import a\na = 1", "modules", set()),
        ("x = 1\nif c: y = 1\nfor z in x: pass", "certain", {"x"}),
        ("x = 1\ndel x", "certain", set()),
        ("plt.title(a)", "called", {"plt"}),
        ("plt.x = 1", "called", set()),
        ("b = a", "shares", {("b", "a")}),
        ("b = a.copy()", "shares", set()),
        ("d = {'k': [a]}", "shares", {("d", "a")}),
        ("x = 1\ny = 'a'\nz = []", "immutable", {"x", "y"}),
        ("from a import *", "star", True),
        ("exec(code)", "unseen", True),
        ("%run a.py", "unseen", True),
        ("exec('x = 1')", "unseen", False),
        ("d['a'] = d['b'] * 2", "repeatable", True),
        ("d['a'] = d['a'] * 2", "repeatable", False),
        ("d['a'] = f(d['b'])", "repeatable", False),
        ("d['a'] = d", "repeatable", False),
        ("x = (", "parsed", False),
        ("!ls", "parsed", True),
    ],
)
def test_what_else_is_known(source: str, attribute: str, value: object) -> None:
    """Packages, modules, certainty, sharing, and what cannot be seen."""
    assert getattr(names_of(source), attribute) == value


def test_a_body_is_looked_up_later() -> None:
    """What a function uses and changes outside itself is known apart from what the cell does."""
    (body,) = names_of("def f(a):\n    log.append(a)\n    a.x = k\n    return a").bodies
    assert (body.name, body.uses, body.changes) == ("f", {"log", "k"}, {"log"})
    assert body.changes_arguments


@settings(max_examples=500, deadline=None)
@given(st.text() | st.text(alphabet="x=%!?()[]{}'\"\\\n :,.ab#@*+", max_size=80))
@example("%%")
@example("\x00")
@example("(" * 3_000)
@example("x" + ".a" * 5_000)
@example("+".join("a" * 5_000))
@example("\\d = '\\d'\n!ls")
def test_any_text_has_names(source: str) -> None:
    """No text raises or warns."""
    assert isinstance(names_of(source), CellNames)


def test_hostile_cells_are_quick() -> None:
    """Long cells of one repeated piece are read in time."""
    for piece in ("!ls\n", "%time x\n", "x = 1\n", "'''", "x?\n", "x = [\n", "${a", "x,", "-o a "):
        names_of(piece * 3_000)


KNOWN = {
    "df",
    "data",
    "X_train",
    "x",
    "is_ok",
    "price",
    "model2",
    "a",
    "the",
    "rides",
    "größe",
    "right",
}


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("why is df empty?", "df"),
        ("why is @df empty?", "df"),
        ("What is wrong with @data?", "data"),
        ("Is the data clean?", ""),
        ("Is `data` clean?", "data"),
        ("what does data.mean() say", "data"),
        ("what is data[0]", "data"),
        ("is it right?", ""),
        ("is `right` right?", "right"),
        ("Compare X_train and model2, please", "X_train model2"),
        ("plot price against x", "price x"),
        ("what is df.price?", "df"),
        ("`df.groupby(x).price`", "df x"),
        ("```python\ndf['a'] = data\n```", "df data"),
        ("a table of the prices", ""),
        ("write to me@df.org", ""),
        ("the @unknown and is_ok", "is_ok"),
        ("Warum ist größe leer?", "größe"),
        ("لماذا df فارغ؟", "df"),
        ("(@df)", "df"),
        ("", ""),
    ],
)
def test_mentioned_names(prompt: str, names: str) -> None:
    """A known name counts; one that is also an ordinary word counts only as code."""
    assert mentioned_names(prompt, KNOWN) == frozenset(names.split())


@given(st.text())
def test_only_known_names_are_mentioned(prompt: str) -> None:
    """Whatever the prompt, only names that exist are found."""
    assert mentioned_names(prompt, KNOWN) <= KNOWN


ODD_ESCAPES = [
    r"x = '\d+' + y",
    r"x = re.sub('\s', '\\\w', y)",
    r"x = b'\q' + y",
    r"x = f'\d{y}'",
    "x = '\\\\' + '\\d' + y",
    "x = 1 + \\\n    len('\\d' + y)",
]


@pytest.mark.parametrize("source", ODD_ESCAPES)
def test_odd_escapes_are_read_without_a_word(source: str) -> None:
    """Python warns of them where the user's cell runs; not a second time where we read it."""
    names = names_of(source)
    assert names.parsed
    assert "x" in names.defines
    assert "y" in names.uses


def test_reading_leaves_the_warnings_of_the_notebook_alone() -> None:
    """A warning that the user has seen once is not shown again because a cell was read."""
    namespace = {"__name__": "__main__"}
    warn = compile("import warnings; warnings.warn('once')", "<cell>", "exec")
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("default")
        exec(warn, namespace)  # noqa: S102
        names_of(r"pattern_7 = '\d'")
        names_of("other_7 = 'x'")
        exec(warn, namespace)  # noqa: S102
    assert [str(each.message) for each in seen] == ["once"]

"""What well-known calls do to the objects they are given: which read, which change, which share."""

from __future__ import annotations

import ast


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


READS = _words(
    """
    head tail sample info describe show mean median mode std var sum min max count nunique
    unique value_counts corr cov quantile isna isnull notna notnull any all round sort_values
    sort_index groupby agg aggregate pivot pivot_table melt merge join query filter get items
    keys values copy astype to_csv to_json to_parquet to_excel to_html to_numpy to_list tolist
    to_dict to_string to_markdown to_latex to_sql drop dropna fillna rename reset_index
    set_index set_axis replace apply map applymap assign transform nlargest nsmallest idxmax
    idxmin cumsum cumprod diff shift rolling resample savefig format split strip lower upper
    startswith endswith predict predict_proba score get_params evaluate summary duplicated
    drop_duplicates select_dtypes isin between clip memory_usage equals compare index find
    reshape transpose explode stack unstack pct_change abs str dt style write_text write_bytes
    read_text read_bytes exists is_file glob most_common dot argmax argmin argsort nonzero
    conj
    """
)
"""Methods that leave their object as it is, even where a statement consists of the call alone."""

DRAWS = _words(
    """
    plot hist boxplot scatter bar barh area pie line density kde box hexbin
    """
)
"""Read a frame (`df.plot(x="a")`), but change axes (`ax.plot(x, y)`)."""

CHANGES = _words(
    """
    append extend insert remove pop popitem clear update add discard setdefault sort reverse
    appendleft popleft extendleft rotate fit fit_transform fit_predict fit_resample
    partial_fit load_state_dict step zero_grad train seek write writelines close put fill
    resize itemset partition setflags set_params add_subplot add_axes add_gridspec subplots
    twinx twiny colorbar legend annotate text plot_surface
    """
)
"""Methods that change their object wherever they are called."""

HOLDS = _words(
    """
    append extend insert add update setdefault appendleft extendleft put push register
    """
)
"""Methods after which the object holds their arguments."""

CHANGES_FIRST = _words(
    """
    shuffle heappush heappop heapify heapreplace heappushpop insort insort_left insort_right
    put copyto fill_diagonal place putmask setattr delattr next
    """
)
"""Functions that change their first argument."""

READING_FUNCTIONS = _words(
    """
    print display len help type repr str int float bool abs min max sum sorted any all round
    dir id hash isinstance issubclass hasattr getattr vars callable pprint format list tuple
    set dict frozenset range enumerate zip map filter reversed iter open input chr ord super
    exec eval __magic__ globals locals
    """
)
_READING_PREFIXES = ("plot", "show", "print", "display", "draw", "describe", "check", "assert_")

TAKES_TO_CHANGE = frozenset({"out", "ax", "axes", "fig"})
"""Keywords whose argument is written to."""

_VIEWS = _words(
    """
    reshape ravel view transpose squeeze swapaxes get setdefault values items pop popleft
    flatten add_subplot add_axes add_gridspec twinx twiny subplots colorbar gca astype to cuda
    cpu
    """
)
_KEEPING_FUNCTIONS = _words(
    """
    list tuple dict set sorted reversed iter next zip enumerate filter map getattr vars copy chain
    deque asarray
    """
)
_KEEPING_METHODS = _words("asarray asanyarray atleast_1d atleast_2d cast deque chain")
_COPIES = _words(
    """
    DataFrame Series Index Path Counter Fraction Decimal LazyFrame Table
    """
)
_GIVES_PLAIN = _words("tolist to_list split splitlines")
SHARED_RESULTS = frozenset({"subplots", "subplot_mosaic", "make_subplots"})
"""Calls whose results belong together: what changes the axes changes the figure."""


def callee_of(call: ast.Call) -> str:
    """The last part of the name that is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def arguments_of(call: ast.Call) -> list[ast.expr]:
    """Positional and keyword arguments."""
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def root_of(node: ast.expr) -> str | None:
    """The name at the beginning of `name.a[b].c`; None where a call stands in between."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def shared_names(node: ast.expr, *, built: bool = True) -> set[str]:
    """The names whose object the value of this expression may be, contain or look into.

    The result of a call that the notebook may define counts as a name, too: `f()`. Without `built`
    those are left out that only a constructor was given.
    """
    if isinstance(node, ast.Name):
        return {node.id}
    parts = _shared_parts(node, built=built)
    names = {name for part in parts for name in shared_names(part, built=built)}
    return names | {result_of(node)} if isinstance(node, ast.Call) and keeps(node) else names


def result_of(call: ast.Call) -> str:
    """What stands for the result of a call among names; it cannot be one."""
    return f"{callee_of(call)}()"


def keeps(call: ast.Call) -> bool:
    """Whether the result of a call may hold what the notebook holds: not of well-known ones."""
    callee = callee_of(call)
    if isinstance(call.func, ast.Attribute):
        return callee not in READS | CHANGES | DRAWS
    return callee != "" and callee not in READING_FUNCTIONS


def only_reads(call: ast.Call) -> bool:
    """Whether a method call that stands alone leaves its object as it is, as far as is known."""
    node: ast.expr = call.func
    last = callee_of(call)
    if last in DRAWS:
        return all(isinstance(argument, ast.Constant) for argument in call.args)
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute) and (node.attr in READS or node.attr in DRAWS):
            return last not in CHANGES
        node = node.value
    return False


def function_reads(name: str) -> bool:
    """Whether a function leaves its arguments as they are, going by its name."""
    return name in READING_FUNCTIONS or name.startswith(_READING_PREFIXES)


def is_setter(method: str) -> bool:
    """Whether a method changes its object, going by its name (`set_title`)."""
    return method.startswith("set_") and method not in READS


def is_in_place(call: ast.Call) -> bool:
    """Whether the call says `inplace=True`."""
    return any(
        each.arg == "inplace" and getattr(each.value, "value", True) is not False
        for each in call.keywords
    )


def is_plain(value: ast.expr) -> bool:
    """Whether a value is made of numbers and texts only, as a list of columns is."""
    match value:
        case ast.Constant() | ast.JoinedStr():
            return True
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return all(map(is_plain, elements))
        case ast.Dict(values=elements):
            return all(map(is_plain, elements))
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _GIVES_PLAIN
    return False


def _is_list(node: ast.expr) -> bool:
    """Whether this is surely a list: then adding to it makes one that holds the same elements."""
    both = (node.left, node.right) if isinstance(node, ast.BinOp) else ()
    return isinstance(node, ast.List) or any(map(_is_list, both))


def _shared_parts(node: ast.expr, *, built: bool) -> list[ast.expr]:
    match node:
        case ast.Attribute() | ast.Subscript() | ast.Starred() | ast.Await():
            return [node.value]
        case ast.NamedExpr():
            return [node.target, node.value]
        case ast.IfExp():
            return [node.body, node.orelse]
        case ast.BinOp(op=ast.Add(), left=left, right=right) if _is_list(left) or _is_list(right):
            return [left, right]
        case ast.BoolOp() | ast.Dict():
            return node.values
        case ast.List() | ast.Tuple() | ast.Set():
            return node.elts
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            sources = [each.iter for each in node.generators]
            return [node.elt, *sources] if shared_names(node.elt) else []
        case ast.DictComp():
            sources = [each.iter for each in node.generators]
            return [node.value, *sources] if shared_names(node.value) else []
        case ast.Call():
            return _parts_kept_by(node, built=built)
    return []


def _parts_kept_by(call: ast.Call, *, built: bool) -> list[ast.expr]:
    callee = callee_of(call)
    parts: list[ast.expr] = []
    if isinstance(call.func, ast.Attribute) and callee in _VIEWS:
        parts.append(call.func.value)
    plain = isinstance(call.func, ast.Name)
    keeps = callee in (_KEEPING_FUNCTIONS if plain else _KEEPING_METHODS)
    constructs = built and callee[:1].isupper() and callee not in _COPIES
    return [*parts, *arguments_of(call)] if keeps or constructs else parts

"""What the common exceptions mean, and what usually helps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """One exception: its meaning in a sentence, and the usual fixes."""

    meaning: str
    fixes: tuple[str, ...]


NOTES: dict[str, Note] = {
    "NameError": Note(
        "Python met a name that nothing has been given yet in this kernel.",
        (
            "run the cell that defines it (after a kernel restart, all of them)",
            "check the spelling, capital letters included",
            "import it, if it comes from a module",
        ),
    ),
    "UnboundLocalError": Note(
        "A function assigns this name somewhere, so it is local to it, and it is read before that.",
        (
            "give it a value at the top of the function, on every path",
            "pass the outer value in as an argument",
        ),
    ),
    "KeyError": Note(
        "A dictionary (or a table's columns) was asked for a key that it does not have.",
        (
            "print the keys that exist and compare, spaces and capital letters included",
            "use `.get(key, default)` where a missing key is normal",
        ),
    ),
    "IndexError": Note(
        "A sequence was asked for a position beyond its end.",
        (
            "valid positions run from 0 to `len(x) - 1`",
            "loop over the items themselves instead of over positions",
            "check that the sequence is not empty",
        ),
    ),
    "TypeError": Note(
        "An operation or a call got a value of a type that it does not work with.",
        (
            "print `type(...)` of each value in the failing line",
            "convert one side: `int(...)`, `float(...)` or `str(...)`",
            "for a call, compare the arguments with the function's signature",
        ),
    ),
    "ValueError": Note(
        "The type was right, but the value itself cannot be used here.",
        (
            "print the value with `repr(...)` just before the failing line",
            "clean the input first: strip spaces, replace a decimal comma, handle empty text",
        ),
    ),
    "AttributeError": Note(
        "The object has no attribute or method of that name.",
        (
            "look at what it does have: `dir(obj)`, or Tab after the dot",
            "if it is `None`, look for the function that returned nothing",
        ),
    ),
    "ModuleNotFoundError": Note(
        "The kernel's environment has no module of that name.",
        (
            "install it from the notebook with `%pip install …`, then restart the kernel",
            "check that no file of yours has the same name as the module",
        ),
    ),
    "ImportError": Note(
        "The module exists, but the name asked of it does not.",
        (
            "check the spelling and the installed version",
            "a file of yours with the module's name hides the real one",
        ),
    ),
    "SyntaxError": Note(
        "Python could not read the line, so nothing of the cell ran.",
        (
            "look at the marked place and just before it: brackets, quotes, colons",
            "`=` assigns, `==` compares",
        ),
    ),
    "IndentationError": Note(
        "The spaces at the start of a line do not fit the lines around it.",
        (
            "indent the body of `if`, `for`, `def` … by four spaces",
            "do not mix tabs and spaces",
        ),
    ),
    "ZeroDivisionError": Note(
        "Something was divided by zero.",
        (
            "find out why the divisor is zero: often a count of an empty list",
            "decide what the result should be in that case, and say so in the code",
        ),
    ),
    "FileNotFoundError": Note(
        "There is no file at that path, seen from the kernel's working directory.",
        (
            "run `%pwd` and `%ls` to see where the kernel is and what lies there",
            "check the file's name, its ending included",
        ),
    ),
    "PermissionError": Note(
        "The operating system does not let this process open the file that way.",
        (
            "close the file in other programs",
            "write to a folder of your own",
        ),
    ),
    "RecursionError": Note(
        "A function kept calling itself until Python stopped it.",
        (
            "check the base case: is it reached for every input?",
            "each call must get a smaller problem than the one before",
        ),
    ),
    "JSONDecodeError": Note(
        "The text is not JSON; the message says where reading stopped.",
        (
            "print the first 200 characters: an empty text or an HTML page is common",
            "JSON wants double quotes, and no comma after the last item",
        ),
    ),
    "UnicodeDecodeError": Note(
        "The bytes are not text in the encoding that was used to read them.",
        (
            'name the encoding: `open(path, encoding="utf-8")`, or `"latin-1"` for old files',
            "check that the file is text at all",
        ),
    ),
    "AssertionError": Note(
        "An `assert` found its condition false.",
        ("print both sides of the condition", "trust the assertion first, the code second"),
    ),
    "StopIteration": Note(
        "`next()` was called on an iterator that has nothing left.",
        (
            "give a default: `next(iterator, None)`",
            "make a new iterator: each one runs only once",
        ),
    ),
    "MemoryError": Note(
        "The kernel asked for more memory than there is.",
        (
            "read the data in parts, or only the columns you need",
            "delete what you no longer use, or restart the kernel",
        ),
    ),
    "KeyboardInterrupt": Note(
        "The cell was interrupted with ■, which is no error of the code.",
        ("if it took too long, try it on a small part of the data first",),
    ),
}

OTHER = Note(
    "This exception is not in the demo's list; its message is the best lead.",
    (
        "read the last line first, then the lowest frame that is your own code",
        "print the values that the failing line uses",
    ),
)


def note_for(name: str) -> Note:
    """The note for an exception's name, with or without its module."""
    return NOTES.get(name.rpartition(".")[2], OTHER)

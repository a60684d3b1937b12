"""Commands about the connection: status, login, logout, model, demo, version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mibyan_jupyter import keys
from mibyan_jupyter._version import __version__
from mibyan_jupyter.commands.arguments import Argument
from mibyan_jupyter.commands.registry import AskSecret, Command, Notice, Table
from mibyan_jupyter.config import is_mibyan
from mibyan_jupyter.journal.journal import journal_of

if TYPE_CHECKING:
    import argparse

    from mibyan_jupyter.session.session import Session


def status(session: Session, _: argparse.Namespace) -> Table:
    settings, found = session.settings, session.find_key()
    messages = session.messages
    rows = (
        ("your text goes to", settings.base_url),
        ("model", settings.model),
        ("key", " ".join((_key_row(found, settings.base_url), *keys.failed_stores()))),
        ("system message", settings.system or "none"),
        ("conversation", f"{len(session.history)} turns; {len(messages)} messages go along next"),
        ("kept on disk", journal.place if (journal := journal_of(session)) else "no"),
        ("version", __version__),
    )
    return Table("mibyan", (), rows)


def _key_row(found: keys.FoundKey | None, base_url: str) -> str:
    if found is not None:
        return f"from {found.origin}"
    return "none: %mibyan login sets one" if is_mibyan(base_url) else "none (not needed here)"


def login(session: Session, args: argparse.Namespace) -> AskSecret:
    base_url = session.base_url

    def use(key: keys.Key) -> Notice:
        session.set_key(key)
        lines = [f"The key is set for {base_url}, in this kernel."]
        if args.save:
            lines = [f"The key is set for {base_url} and saved in {keys.save_key(base_url, key)}."]
        if is_mibyan(base_url) and not key.looks_like_mibyan:
            lines.append(keys.NOT_A_MIBYAN_KEY)
        return Notice("\n".join(lines))

    return AskSecret(f"Key for {base_url}: ", use)


def logout(session: Session, _: argparse.Namespace) -> Notice:
    given_for = session.forget_key()
    places = ["this kernel"] if given_for else []
    for base_url in dict.fromkeys((given_for or session.base_url, session.base_url)):
        places += keys.forget_saved_key(base_url)
    lines = [f"The key is forgotten in {' and '.join(places)}." if places else "No key was kept."]
    lines += keys.failed_stores()
    left = session.find_key()
    if left is not None:
        lines.append(f"A key still comes from {left.origin}.")
    return Notice("\n".join(lines))


def model(session: Session, args: argparse.Namespace) -> Notice:
    if args.name is not None:
        session.model = args.name
    return Notice(f"The model is {session.model}.")


@dataclass(frozen=True, slots=True)
class _Demo:
    """The demo's base URL, and the one that was set in the kernel before (None: none was)."""

    base_url: str
    before: str | None


_demos: WeakKeyDictionary[Session, _Demo] = WeakKeyDictionary()


def demo(session: Session, args: argparse.Namespace) -> Notice:
    known = _demos.get(session)
    in_demo = known is not None and session.base_url == known.base_url
    if args.off:
        if known is None or not in_demo:
            return Notice(f"The demo is not on; your text goes to {session.base_url}.")
        session.configure(base_url=known.before)
        return Notice(f"The demo is off; your text goes to {session.base_url} again.")
    from mibyan_jupyter.demo import running_demo

    before = known.before if known and in_demo else session.chosen_here("base_url")
    session.base_url = running_demo().start()
    _demos[session] = _Demo(session.base_url, before)
    return Notice(
        f"The demo answers now, on this machine ({session.base_url}); no model is behind it.\n"
        "Ask it something with %%mibyan. %mibyan demo --off goes back."
    )


def version(_: Session, __: argparse.Namespace) -> Notice:
    return Notice(f"mibyan-jupyter {__version__}")


COMMANDS = (
    Command("status", "where your text goes, the model, the key's origin, the history", status),
    Command(
        "login",
        "set a key, typed unseen, for this kernel",
        login,
        (Argument(("--save",), "keep it for later: in the system keyring, else a file of yours"),),
    ),
    Command("logout", "forget the key, here and where it was saved", logout),
    Command("model", "show or set the model", model, (Argument(("name",), "a model's name"),)),
    Command(
        "demo",
        "answer from an offline demo on this machine, without a key",
        demo,
        (Argument(("--off",), "go back to the real service"),),
    ),
    Command("version", "the version of mibyan-jupyter", version),
)

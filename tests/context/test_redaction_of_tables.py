"""Secrets in tables: what stands under a secret’s name, in every form of a table."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from mibyan_jupyter.context.redaction import redact
from tests.context.made_secrets import NONE, made

USERS = pd.DataFrame(
    {
        "user": ["ada", "grace"],
        "password": ["corr3ct-hrse", "s3same"],
        "api_key": [made("", 32)] * 2,
        "n": [1, 2],
    }
)
LONG = pd.DataFrame({"client_secret": ["corr3ct-hrse", *["s3same"] * 99]})
TABLES = {
    "pandas": (repr(USERS), 4),
    "pandas, one column": (repr(USERS[["password"]]), 2),
    "pandas, an index": (repr(USERS.set_index("user")), 4),
    "pandas, wrapped": (USERS.to_string(line_width=40), 4),
    "pandas, many rows": (repr(LONG), 10),
    "one after the other": (f"{USERS!r}\n{USERS[['password']]!r}\n{LONG!r}", 16),
    "a Series": (repr(USERS["password"]), 2),
    "a labelled Series": (f"before\n{USERS.set_index('user')['password']!r}", 2),
    "a long Series": (repr(LONG["client_secret"]), 10),
    "a polars frame": (repr(pl.from_pandas(USERS[["user", "password"]])), 2),
    "left-aligned": (
        """\
  first rows:
  user   password      n
  ada    corr3ct-hrse  1
  grace  s3same        2
""",
        2,
    ),
    "Markdown": (
        """\
| user | Password |
|---|---|
| ada | corr3ct-hrse |
| grace | s3same |
""",
        2,
    ),
    "CSV": (
        """\
user,password,n
ada,corr3ct-hrse,1
"Hopper, Grace",s3same,2
""",
        2,
    ),
    "CSV in code": (
        """\
text = '''user;access_token
ada;@@K
grace;@@K
'''
""",
        2,
    ),
    "TSV": ("user\\tpassword\\nada\\tcorr3ct-hrse\\n", 1),
    "SQL client": (
        """\
+-------+--------------+
| user  | password     |
+-------+--------------+
| ada   | corr3ct-hrse |
+-------+--------------+
""",
        1,
    ),
}


@pytest.mark.parametrize("kind", TABLES)
def test_cells_under_a_secrets_header_are_replaced(kind: str) -> None:
    """Printed tables and CSV: the cells go, all else stays where it is."""
    text, count = TABLES[kind]
    text = text.replace("@@K", made("", 32))
    redacted = redact(text, NONE)
    assert sum(redacted.counts.values()) == count
    for part in ("corr3ct-hrse", "s3same", made("", 32)):
        assert part not in redacted.text
    assert redacted.text.count("ada") == text.count("ada")
    assert redacted.text.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "password  user\n\nada  corr3ct-hrse\n",
        "the password  is a secret  here\nwe use  h1dden-words  often\n",
        "token   count\nNOUN-1    12345\nVERB-2    12\n",
        "user  password_changed\nada   2024-01-01T00\n",
        "user,password\n",
        "a = f(user, password,\n      host_1, timeout_2)\n",
        "customer_key  n\nC0001234      1\nC0001235      2\n",
        "    password  has_2fa\n0       None    True-1\n1  ********    True-2\n",
        "key    value\nalpha-1  b3ta-2\n",
    ],
)
def test_what_only_looks_like_such_a_table_stays(text: str) -> None:
    """A header that means something else, prose, code, other columns, stand-ins."""
    assert redact(text, NONE).text == text

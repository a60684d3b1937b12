"""A notebook full of IPython: %%capture, %%time, shell lines, SQL, other languages, Mibyan."""

from __future__ import annotations

NOTEBOOK = '''
# In [1]
%load_ext autoreload
%autoreload 2
%load_ext mibyan_jupyter

# In [2]
import json
import time
from pathlib import Path

# In [3]
!mkdir -p cache
folder = Path("cache")

# In [4]
%%capture noise
!pip install --quiet rich
print("installed")

# In [5]
noise.stdout[:80]

# In [6]
urls = ["https://example.org/a.json", "https://example.org/b.json"]

# In [7]
async def fetch(url):
    await asyncio.sleep(0.1)
    return {"url": url, "size": len(url)}

# In [8]
import asyncio

# In [9]
%%time
pages = await asyncio.gather(*(fetch(url) for url in urls))

# In [10]
%%bash
ls -l cache
echo done

# In [11]
%%mibyan
Why do pages and urls have the same length?

# In [12]
for page in pages:
    (folder / f"{page['size']}.json").write_text(json.dumps(page))

# In [13]
listing = !ls {folder}
listing

# In [14]
%time total = sum(page["size"] for page in pages)

# In [15]
%%timeit -n 10
total = sum(len(url) for url in urls)

# In [16]
%load_ext sql
limit = 20

# In [17]
big = %sql SELECT * FROM pages WHERE size > {limit}

# In [18]
%%html
<b>total</b>

# In [19]
%%writefile tools.py
def double(x):
    return 2 * x

# In [20]
%run tools.py

# In [21]
doubled = double(total)

# In [22]
report = f"""
%time is not a magic here
!nor is this: {doubled}
"""

# In [23]
%timeit -r 3 double(total)

# In [24]
%%capture --no-stderr shown
print(report)

# In [25]
?json.dumps

# In [26]
%%script bash --out answer
echo 42

# In [27]
int(answer)
'''

QUESTIONS = {
    "What is in `noise`?": {4},
    "Why is pages a list?": {6, 7, 8, 9},
    "Is `total` right?": {6, 7, 8, 9, 14},
    "What does @listing show?": {2, 3, 13},
    "Which rows are in @big?": {6, 7, 8, 9, 16, 17},
    # `%run tools.py` may define double, and may change any other name.
    "Explain doubled": {6, 7, 8, 9, 14, 20, 21},
    "What does report say?": {6, 7, 8, 9, 14, 20, 21, 22},
    "What does @shown hold?": {6, 7, 8, 9, 14, 20, 21, 22, 24},
    "What is `answer`?": {26},
    "What does fetch do?": {7, 8},
    "Explain `urls`": {6},
}

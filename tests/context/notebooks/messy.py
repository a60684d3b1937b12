"""A notebook as it really was used: re-runs, cells out of order, errors, code that does not parse.

`cell=` names the notebook's cell; the same name again is a re-run of it, maybe edited.
"""

from __future__ import annotations

NOTEBOOK = """
# In [1] cell=imports
import pandas as pd
import numpy as np

# In [2] cell=load failed
df = pd.read_csv("survey.csv", sep=";")

# In [3] cell=shell
!ls data/

# In [4] cell=load
df = pd.read_csv("data/survey.csv", sep=";")

# In [5] cell=head
df.head()

# In [6] cell=rename failed
df = df.rename(columns={"Alter": "age", "Land": "country")

# In [7] cell=rename
df = df.rename(columns={"Alter": "age", "Land": "country"})

# In [8] cell=age failed
df["age"] = df["age"].astype(int)

# In [9] cell=look
df["age"].unique()

# In [10] cell=numeric
def to_number(text):
    return float(str(text).replace(",", UNIT_SEPARATOR))

# In [11] cell=age failed
df["age"] = df["age"].map(to_number)

# In [12] cell=separator
UNIT_SEPARATOR = "."

# In [13] cell=age
df["age"] = df["age"].map(to_number)

# In [14] cell=age
df["age"] = df["age"].map(to_number)

# In [15] cell=old
backup = df
threshold = 18

# In [16] cell=adults
adults = df[df["age"] >= threshold]
len(adults)

# In [17] cell=backup
backup.loc[backup["age"] > 120, "age"] = np.nan

# In [18] cell=help
adults.groupby?

# In [19] cell=count
count = 0

# In [20] cell=more
count += 1

# In [21] cell=more
count += 1

# In [22] cell=table
table = adults.groupby("country")["age"].mean()
table

# In [23] cell=old
threshold = 21

# In [24] cell=adults
adults = df[df["age"] >= threshold]
len(adults)

# In [25] cell=star
from statistics import *

# In [26] cell=spread
spread = stdev([1, 2, 3, 4])

# In [27] cell=scratch failed
for name in adults.columns
    print name

# In [28] cell=scratch
for name in adults.columns:
    print(name)

# In [29] cell=dynamic
exec("bonus = threshold * 2")

# In [30] cell=files
files = !ls data/*.csv
paths = [f"./{file}" for file in files]

# In [31] cell=drop
del adults["comment"]

# In [32] cell=temporary
scratch = adults.copy()
del scratch
"""

QUESTIONS = {
    # In [2] failed and a sure definition follows; In [6] does not parse and In [7] defines df.
    # In [17] changes df through backup. In [8] and In [11] failed, but may have changed df.
    "Why is @df wrong?": {1, 4, 7, 8, 10, 11, 12, 13, 14, 15, 17},
    "Why is adults so small?": {1, 4, 7, 8, 10, 11, 12, 13, 14, 15, 17, 23, 24, 31},
    # table rests on the earlier adults, made with the earlier threshold, before In [23], In [24].
    "What is in table?": {1, 4, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 22},
    "Why is `count` 2?": {19, 20, 21},
    "Is spread the sample deviation?": {25, 26},
    "What is `threshold` now?": {23},
    "Where does `bonus` come from?": {23, 29},
    "What does @paths hold?": {30},
    "What does to_number do?": {10, 12},
    "Why is scratch gone?": {1, 4, 7, 8, 10, 11, 12, 13, 14, 15, 17, 23, 24, 31, 32},
    "Which threshold does @backup need?": {1, 4, 7, 8, 10, 11, 12, 13, 14, 15, 17, 23},
}

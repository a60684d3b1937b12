"""A teaching notebook on pandas: rentals of a bicycle scheme, week by week of a course."""

from __future__ import annotations

NOTEBOOK = """
# In [1]
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt

# In [2]
numbers = [3, 1, 4, 1, 5, 9, 2, 6]
series = pd.Series(numbers, name="digits")
series

# In [3]
series.mean(), series.median(), series.std()

# In [4]
series[series > 3]

# In [5]
fruit = {"apple": 3, "pear": 5, "plum": 2}
stock = pd.Series(fruit)
stock["apple"]

# In [6]
stock + pd.Series({"apple": 1, "fig": 4})

# In [7]
rides = pd.read_csv("data/rides.csv", parse_dates=["started", "ended"])
rides.head()

# In [8]
rides.info()

# In [9]
rides.describe()

# In [10]
rides["minutes"] = (rides["ended"] - rides["started"]).dt.total_seconds() / 60
rides["minutes"].head()

# In [11]
rides["minutes"].plot(kind="hist", bins=50)
plt.xlabel("minutes")
plt.show()

# In [12]
too_long = rides["minutes"] > 24 * 60
print(f"{too_long.sum()} rides took longer than a day")

# In [13]
rides = rides[~too_long & (rides["minutes"] > 0)].copy()
len(rides)

# In [14]
stations = pd.read_csv("data/stations.csv").rename(columns={"id": "station_id"})
stations.sample(5, random_state=1)

# In [15]
stations["capacity"].value_counts().sort_index()

# In [16]
stations.loc[stations["capacity"].isna(), "capacity"] = 10
stations["capacity"] = stations["capacity"].astype(int)

# In [17]
joined = rides.merge(stations, left_on="from_station", right_on="station_id", how="left")
joined.shape

# In [18]
joined["station_id"].isna().mean()

# In [19]
weather = pd.read_json("data/weather.json")
weather["date"] = pd.to_datetime(weather["date"]).dt.normalize()
weather.tail()

# In [20]
weather.isna().sum()

# In [21]
weather["rain_mm"] = weather["rain_mm"].fillna(0.0)
weather.drop(columns=["comment"], inplace=True)

# In [22]
def is_weekend(when):
    return when.dayofweek >= 5


def part_of_day(when):
    hour = when.hour
    for name, (start, end) in PARTS.items():
        if start <= hour < end:
            return name
    return "night"

# In [23]
PARTS = {"morning": (6, 11), "noon": (11, 14), "afternoon": (14, 18), "evening": (18, 22)}

# In [24]
joined["part"] = joined["started"].apply(part_of_day)
joined["weekend"] = joined["started"].apply(is_weekend)
joined[["started", "part", "weekend"]].head()

# In [25]
joined.groupby("part")["minutes"].agg(["count", "mean", "median"])

# In [26]
by_part = joined.groupby(["weekend", "part"])["minutes"].median().unstack()
by_part

# In [27]
ax = by_part.T.plot(kind="bar", figsize=(8, 4))
ax.set_ylabel("median minutes")
ax.legend(["weekday", "weekend"])

# In [28]
daily = (
    joined.assign(date=joined["started"].dt.normalize())
    .groupby("date")
    .agg(rides=("minutes", "size"), minutes=("minutes", "median"))
    .reset_index()
)
daily.head()

# In [29]
daily = daily.merge(weather, on="date", how="inner")

# In [30]
daily.plot.scatter(x="temp_c", y="rides")
plt.title("Warm days, many rides")
plt.show()

# In [31]
correlation = daily[["rides", "minutes", "temp_c", "rain_mm"]].corr()
correlation.round(2)

# In [32]
slope, intercept = np.polyfit(daily["temp_c"], daily["rides"], deg=1)
print(f"one degree more: {slope:.1f} rides")

# In [33]
grid = np.linspace(daily["temp_c"].min(), daily["temp_c"].max(), 50)
plt.scatter(daily["temp_c"], daily["rides"], s=8)
plt.plot(grid, intercept + slope * grid, color="black")
plt.show()

# In [34]
pivot = joined.pivot_table(index="from_station", columns="part", values="minutes", aggfunc="size")
pivot.fillna(0).astype(int).head(10)

# In [35]
busiest = pivot.sum(axis=1).nlargest(5)
busiest

# In [36]
names = stations.set_index("station_id")["name"]
busiest.index = busiest.index.map(names)
busiest

# In [37]
members = joined[joined["member"]]
guests = joined[~joined["member"]]
members["minutes"].median(), guests["minutes"].median()

# In [38]
rng = np.random.default_rng(0)
shuffled = rng.permutation(joined["member"])
joined.groupby(shuffled)["minutes"].median().diff().iloc[-1]

# In [39]
weekly = daily.set_index("date")["rides"].resample("W").sum()
weekly.plot()

# In [40]
weekly.to_csv("out/weekly.csv")
"""

QUESTIONS = {
    "Why is the mean of `series` above its median?": {1, 2},
    "What does stock hold for a fruit that only one side has?": {1, 5},
    "How did @rides lose rows?": {1, 7, 10, 12, 13},
    "Are the capacities in @stations plausible?": {1, 14, 16},
    "Which stations are in @busiest, and why these?": {
        *(1, 7, 10, 12, 13, 14, 16, 17, 22, 23, 24, 34, 35, 36),
    },
    "Is `weather` complete now?": {1, 19, 21},
    "What is wrong with part_of_day at midnight?": {22, 23},
    "Explain `numbers`": {2},
    "Why is PARTS a dict of pairs?": {23},
}

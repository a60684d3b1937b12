"""A notebook of figures: axes built over several cells, small multiples, a twin axis."""

from __future__ import annotations

NOTEBOOK = """
# In [1]
%matplotlib inline
import numpy as np
import matplotlib.pyplot as plt
from matplotlib import ticker

# In [2]
plt.rcParams["figure.dpi"] = 110

# In [3]
t = np.linspace(0, 10, 500)
damping = 0.25

# In [4]
def wave(time, frequency=1.0):
    return np.exp(-damping * time) * np.cos(2 * np.pi * frequency * time)

# In [5]
fig, ax = plt.subplots(figsize=(7, 3))
ax.plot(t, wave(t), label="1 Hz")

# In [6]
ax.plot(t, wave(t, 2.0), label="2 Hz", linestyle="--")
ax.legend()

# In [7]
ax.set_xlabel("time (s)")
ax.xaxis.set_major_locator(ticker.MultipleLocator(2))
fig

# In [8]
samples = np.random.default_rng(1).normal(size=(4, 200))
samples.mean(axis=1)

# In [9]
small, panels = plt.subplots(2, 2, sharex=True, figsize=(7, 5))
for panel, row in zip(panels.flat, samples):
    panel.hist(row, bins=20)

# In [10]
for number, panel in enumerate(panels.flat, start=1):
    panel.set_title(f"sample {number}")
small.tight_layout()

# In [11]
counts, edges = np.histogram(samples, bins=30)
centres = (edges[:-1] + edges[1:]) / 2

# In [12]
plt.figure()
plt.bar(centres, counts, width=np.diff(edges))
plt.title("all samples")
plt.show()

# In [13]
months = np.arange(1, 13)
rain = np.array([78, 60, 62, 51, 60, 55, 48, 57, 62, 80, 84, 85])
sun = np.array([54, 71, 110, 155, 195, 190, 199, 188, 140, 104, 62, 45])

# In [14]
climate, left = plt.subplots()
left.bar(months, rain, color="tab:blue")
right = left.twinx()
right.plot(months, sun, color="tab:orange")

# In [15]
right.set_ylim(0, None)
right.set_ylabel("hours of sun")

# In [16]
climate.savefig("climate.png", dpi=200)

# In [17]
x, y = np.meshgrid(np.linspace(-2, 2, 80), np.linspace(-2, 2, 80))
z = np.sin(x**2 + y**2)

# In [18]
surface = plt.figure().add_subplot(projection="3d")
surface.plot_surface(x, y, z, cmap="viridis")
"""

QUESTIONS = {
    # The figure is changed through its axes, and every use of plt sees the setting of In [2].
    "Why has @fig no title?": {1, 2, 3, 4, 5, 6, 7},
    "Make the lines of `ax` thicker": {1, 2, 3, 4, 5, 6, 7},
    "What do the titles in @panels say?": {1, 2, 8, 9, 10},
    "Explain wave": {1, 3, 4},
    "Is `centres` right?": {1, 8, 11},
    "Where does the right axis of @climate start?": {1, 2, 13, 14, 15},
    "Why is z symmetric?": {1, 17},
    "Is `rain` in millimetres?": {1, 13},
}

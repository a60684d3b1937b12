"""A simulation: epidemics on a grid, with globals that functions and methods change."""

from __future__ import annotations

NOTEBOOK = '''
# In [1]
import random
from collections import Counter, deque
from dataclasses import dataclass, field

# In [2]
SIZE = 40
INFECTION = 0.3
RECOVERY = 0.1

# In [3]
log = []


def note(message):
    log.append(message)

# In [4]
@dataclass
class Person:
    state: str = "S"
    days: int = 0

    def infect(self):
        self.state = "I"

    def age(self):
        self.days += 1
        if self.state == "I" and random.random() < RECOVERY:
            self.state = "R"

# In [5]
def neighbours(x, y):
    for dx, dy in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        yield (x + dx) % SIZE, (y + dy) % SIZE

# In [6]
class World:
    def __init__(self, size=SIZE):
        self.people = {(x, y): Person() for x in range(size) for y in range(size)}
        self.day = 0

    def step(self):
        sick = [place for place, person in self.people.items() if person.state == "I"]
        for place in sick:
            for other in neighbours(*place):
                if self.people[other].state == "S" and random.random() < INFECTION:
                    self.people[other].infect()
        for person in self.people.values():
            person.age()
        self.day += 1
        note(f"day {self.day}: {len(sick)} sick")

    def count(self):
        return Counter(person.state for person in self.people.values())

# In [7]
random.seed(3)
world = World()
world.people[SIZE // 2, SIZE // 2].infect()

# In [8]
world.step()
world.count()

# In [9]
history = []


def run(model, days):
    for _ in range(days):
        model.step()
        history.append(model.count())

# In [10]
run(world, 60)

# In [11]
history[-1]

# In [12]
peak = max(range(len(history)), key=lambda day: history[day]["I"])
peak

# In [13]
walk = deque([0], maxlen=500)


def drift(steps, bias=0.0):
    """A random walk, for comparison."""
    for _ in range(steps):
        walk.append(walk[-1] + random.choice((-1, 1)) + bias)

# In [14]
drift(200)
drift(200, bias=0.1)

# In [15]
spread = max(walk) - min(walk)

# In [16]
INFECTION = 0.05
mild = World()
mild.people[0, 0].infect()

# In [17]
for _ in range(30):
    mild.step()

# In [18]
match mild.count():
    case {"I": sick} if sick > 0:
        verdict = f"{sick} still sick"
    case _:
        verdict = "over"
verdict

# In [19]
def share(model, state="R"):
    return model.count()[state] / len(model.people)

# In [20]
shares = {"wild": share(world), "mild": share(mild)}
shares
'''

QUESTIONS = {
    "Why is `peak` so early?": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12},
    "What is in @log?": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 17},
    "Explain neighbours": {2, 5},
    "What does Person.age do?": {1, 2, 4},
    # walk is changed by drift, which In [14] calls.
    "Why does @walk rise?": {1, 13, 14},
    "Is `spread` right?": {1, 13, 14, 15},
    "What is `verdict`?": {1, 2, 3, 4, 5, 6, 16, 17, 18},
    "Compare the shares": {*range(1, 11), 16, 17, 19, 20},
    "What does drift do?": {1, 13},
}

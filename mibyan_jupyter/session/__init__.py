"""The heart: turns, their queue, the history, and the thread that talks to the network."""

"""One conversation as panels see it: its state, and what their requests do; the doors carry both.

The front end's side, with the shape of every message, is `labextension/src/chat/protocol.ts`.
"""

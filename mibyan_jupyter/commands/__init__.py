"""The verbs: one registry of commands that cells and panels share."""

"""The journal: its records, its files, and what survives of a process that is killed."""

"""What views show of a turn: one feed of frames for all of them, and the cell's own outputs."""

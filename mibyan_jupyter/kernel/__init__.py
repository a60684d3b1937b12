"""What only the running Jupyter kernel knows: the asking cell, its raw text, its other outputs."""

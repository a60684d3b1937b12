"""The door for cells: `%%mibyan` and `%mibyan`."""

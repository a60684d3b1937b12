"""A conversation as a file: a handout, Markdown, or a notebook."""

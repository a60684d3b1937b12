"""The wire: Mibyan's chat completions, as values and as one client.

`client` is the only module that imports httpx; import it where a request is made, not before.
"""

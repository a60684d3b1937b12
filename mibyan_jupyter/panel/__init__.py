"""The inline chat panel, a widget; the front end's code is built from `labextension/src`."""

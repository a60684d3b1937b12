"""`make soak`: what takes minutes, as one table. A row's short form is among the tests."""

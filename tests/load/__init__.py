"""Much of everything, in numbers of the caller's choice: few in the tests, many in `make soak`."""

"""How fast the pages are beside bare twins of the same rows: `python -m benchmarks`."""

"""Where the figures of the docs come from."""

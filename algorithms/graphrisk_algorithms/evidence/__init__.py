"""What finders share: ledgers, calls, books, devices, and how surprising a count is by chance."""

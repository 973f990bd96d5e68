"""Files of cases and tasks: kept by what they hold, encrypted, read with rights."""

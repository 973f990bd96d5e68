"""Communities one can rely on: agreement of many runs, held against chance, and roles inside."""

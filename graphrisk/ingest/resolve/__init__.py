"""Identity resolution: which records speak of one person, why, and who may say otherwise."""

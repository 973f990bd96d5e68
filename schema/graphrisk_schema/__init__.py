"""What exists: kinds, edges and vocabularies as data, with a thin typed reader."""

"""Tables: rows read from CSV, XLSX or JSON Lines, and the same rows written with their results."""

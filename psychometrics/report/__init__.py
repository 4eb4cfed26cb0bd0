"""Reports: figures, tables for the terminal, and a page."""

"""How the asking is varied: option orders, labels, wordings, and their crossing."""

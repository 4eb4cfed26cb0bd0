"""The standardised procedure: from cells to prompts to journalled answers."""

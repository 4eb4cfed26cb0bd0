"""From responses to scale scores with their error and the account of what is missing."""

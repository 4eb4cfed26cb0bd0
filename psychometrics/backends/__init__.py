"""Engines: what turns prompts into log-probabilities. One engine a file."""

"""Statistics on arrays: arrays in, frozen results out. Knows nothing of language models."""

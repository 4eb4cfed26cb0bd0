"""Respondents: a model at a revision, with a persona."""

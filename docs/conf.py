"""Sphinx configuration."""

import psychometrics

project = "psychometrics"
author = "the psychometrics developers"
version = release = psychometrics.__version__
extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc", "myst_parser"]
myst_enable_extensions = ["dollarmath", "deflist"]
autosummary_generate = True
numpydoc_show_class_members = False
exclude_patterns = ["_build"]
html_theme = "pydata_sphinx_theme"
html_title = "psychometrics"
html_theme_options = {"show_prev_next": False, "navigation_with_keys": False}

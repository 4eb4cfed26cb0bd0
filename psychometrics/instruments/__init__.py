"""The questionnaire as data: items, response scale, scales, instrument."""

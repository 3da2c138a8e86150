"""The control API: what a scheduler and tests do that no API of AWS does. README.md describes it."""

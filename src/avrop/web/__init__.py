"""The page frame and its parts; knows no station. See README.md for what to write in a template."""

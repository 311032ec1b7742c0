"""`avrop setup import FILE`: a readable TOML file becomes organisations, people, suppliers and agreements."""

"""Pages of this room: the lists, one match with everything side by side, and what a person does there."""

"""The drawings in docs/states are what the code does."""

from __future__ import annotations

from tools import states


def test_every_drawing_of_states_is_up_to_date():
    for name, pairs in states.tables().items():
        assert (states.FOLDER / f"{name}.mmd").read_text() == states.draw(pairs), name
    assert {p.stem for p in states.FOLDER.glob("*.mmd")} == set(states.tables())

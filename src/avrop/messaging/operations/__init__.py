"""Writes of the message log: what comes in and goes out, and the answers to it."""

from avrop.messaging.operations.answers import answer_refusal, answer_taken, take_answer
from avrop.messaging.operations.log import file, make_operator, mark_failed, mark_sent, refuse, store

__all__ = [
    "answer_refusal",
    "answer_taken",
    "file",
    "make_operator",
    "mark_failed",
    "mark_sent",
    "refuse",
    "store",
    "take_answer",
]

"""Words for messages: states, and why something was refused. Kinds of documents: `ubl.codes` document_type."""

from django.utils.translation import gettext_lazy as _

STATES = {
    "queued": _("Waiting to be sent"),
    "sent": _("Sent"),
    "failed": _("Not delivered"),
    "rejected": _("Rejected by the receiver's system"),
    "stored": _("Stored, being handled"),
    "routed": _("Handled"),
    "filed": _("Filed"),
    "duplicate": _("Seen before"),
    "refused": _("Refused"),
}

TONES = {
    "queued": "info",
    "sent": "success",
    "failed": "danger",
    "rejected": "danger",
    "stored": "info",
    "routed": "success",
    "filed": "neutral",
    "duplicate": "warning",
    "refused": "danger",
}

# What an MLR or MLS says (UNCL4343 subset).
ANSWERED = {
    "AB": _("Acknowledged"),
    "AP": _("Accepted"),
    "RE": _("Rejected"),
}

SENT_AGAIN = _("Sent again")  # what came of a case

SENTENCES = {
    # the gate
    "EMPTY": _("The file is empty."),
    "NOT_XML": _("The file is not XML."),
    "ENCODING": _("The file's characters cannot be read: its encoding is wrong or not the one it says."),
    "DOCTYPE": _(
        "The file has a document type declaration (DOCTYPE). That is not allowed in business messages."
    ),
    "TOO_DEEP": _("The file's elements are nested too deep."),
    "TOO_BIG": _("The file is too large."),
    "TOO_MANY_ATTRIBUTES": _("An element in the file has too many attributes."),
    "TOO_MANY_ELEMENTS": _("The file has too many elements. Split it into several documents."),
    "TEXT_TOO_LONG": _("A text in the file is too long."),
    "BINARY_TOO_BIG": _("An attachment in the file is too large."),
    # documents
    "BAD_NUMBER": _("A number in the document cannot be read (%(location)s)."),
    "BAD_DATE": _("A date in the document cannot be read (%(location)s)."),
    "BAD_BOOLEAN": _("A yes/no value in the document cannot be read (%(location)s)."),
    "BAD_BINARY": _("An attachment in the document cannot be read (%(location)s)."),
    "BAD_CHARACTER": _("The document has a character that may not stand in XML (%(location)s)."),
    "MISSING": _("Something that must be in the document is missing (%(location)s)."),
    "REPEATED": _("Something stands twice in the document where only one is allowed (%(location)s)."),
    "CURRENCY_MIXED": _("The document mixes currencies (%(location)s)."),
    "WRONG_ROOT": _("The document is of another kind than expected (%(location)s)."),
    "NO_PAYLOAD": _("The envelope holds no document."),
    # routing
    "NO_RECEIVER": _("The document does not say electronically who is to receive it."),
    "UNKNOWN_RECEIVER": _("Nobody here has the address %(receiver)s."),
    "UNKNOWN_DOCUMENT": _("Avrop does not know this kind of document (%(root)s, %(customization)s)."),
    "INVALID_DOCUMENT": _(
        "The document breaks the official rules: %(count)s findings, the first is %(first)s."
    ),
    "INSTANCE_REUSED": _(
        "Another message with the same id (%(instance)s) has already come from this sender."
    ),
    "SENDER_CONTRADICTED": _(
        "The envelope comes from %(envelope)s, but the document in it names %(document)s as its sender."
    ),
    "RECEIVER_CONTRADICTED": _(
        "The envelope is addressed to %(envelope)s, but the document in it names %(document)s as its receiver."
    ),
    # answers
    "ANSWER_UNKNOWN": _("The answer is to a message that was not sent from here (%(instance)s)."),
    "ANSWER_NOT_FROM_RECEIVER": _(
        "The answer comes from %(sender)s, but the message it answers was sent to %(receiver)s."
    ),
    "REJECTED_BY_RECEIVER": _(
        "The receiver's system rejected the message: it breaks a rule of theirs. They wrote: “%(said)s”"
    ),
    "REJECTED_UNREADABLE": _(
        "The receiver's system rejected the message: it could not read it. They wrote: “%(said)s”"
    ),
    "REJECTED_UNDELIVERED": _(
        "The message did not get all the way to the receiver. The access point wrote: “%(said)s”"
    ),
    "MESSAGE_NOT_FAILED": _("The message has not failed, so it is not sent again."),
    "MESSAGE_NOT_QUEUED": _("The message is not waiting to be sent."),
    # before it leaves
    "NOT_LEFT": _(
        "The document was not sent, for it breaks the official rules: %(count)s errors, the first is %(first)s. "
        "The findings say what is to be put right."
    ),
    # transport
    "NO_ADAPTER": _("There is no way to the receiver: the channel %(channel)s is not installed."),
    "REFUSED_BY_RECEIVER": _("The receiver's side refused the message."),
}

"""Words for cases."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "bad_message": _("Message that cannot be handled"),
    "rejected_message": _("Message rejected by the other side"),
    "parked_delivery": _("Task that keeps failing"),
    "invoice_without_order": _("Invoice without order"),
    "invoice_disputed": _("Invoice in dispute"),
    "credit_awaited": _("Credit note asked for"),
    "credit_without_original": _("Credit note without its invoice"),
    "answer_by_hand": _("Answer to give by hand"),
    "no_approver": _("Nobody can approve"),
    "change_declined": _("Change that the supplier declined"),
    "tell_supplier": _("Tell the supplier"),
    "invoice_invalid": _("Invalid invoice"),
    "account_stopped": _("Bank account stopped"),
    "bad_answer": _("Answer that cannot be used"),
    "batch_contradicted": _("Batch answered twice, differently"),
    "batch_late": _("Batch without answer"),
    "batch_mismatch": _("Batch that does not agree"),
    "posting_rejected": _("Posting rejected"),
}

ROLES = {
    "requisitioner": _("Requisitioner"),
    "approver": _("Approver"),
    "receiver": _("Goods receiver"),
    "invoice_clerk": _("Invoice clerk"),
    "accountant": _("Accountant"),
    "vendor_master": _("Supplier master keeper"),
    "contract_owner": _("Contract owner"),
    "buyer_admin": _("Local administrator"),
    "coop_admin": _("Co-operation administrator"),
    "supplier_user": _("Supplier's clerk"),
    "platform_operator": _("Platform operator"),
    "auditor": _("Auditor"),
}

SENTENCES = {
    "CASE_CLOSED": _("Case %(number)s is closed already."),
    "CASE_NOT_YOURS": _("This case belongs to another role."),
    "REASON_NEEDED": _("Write a reason first."),
    "NOT_PARKED": _("This task is not parked any more."),
    "REPLAY_NOT_YOURS": _("Only the platform operator may do this."),
    "PARKED": _("The task %(handler)s failed too often: %(error)s"),
}

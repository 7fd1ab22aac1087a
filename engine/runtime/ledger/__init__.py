"""The assessment ledger of 荣成办法 第十九条: faults on record, objections to them, and what was decided.

A row is written in the step that finds the fault; who answers for it may object for a few working days,
and the control centre decides. An enterprise never sees any of it.
"""

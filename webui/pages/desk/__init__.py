"""What lies on a person's desk beside the cases themselves: notices, and the assessment ledger."""

"""What a person keeps at the desk: drafts, copies received, cases followed, filters, who else is there."""

from engine.runtime.desk import messages as messages

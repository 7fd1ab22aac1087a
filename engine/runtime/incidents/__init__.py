"""Incidents as people find them: what is open, of which case, and what it holds. They are retried by
`engine.runtime.retry`."""

from engine.runtime.incidents.reading import IncidentRow, count, listed

__all__ = ["IncidentRow", "count", "listed"]

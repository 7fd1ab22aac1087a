"""DMN 1.1–1.5: read a file once, evaluate its decisions many times, with every hit policy.

decisions.read(xml, "appeal.dmn").evaluate("assign_department", {"category": "用工"})
"""

from engine.decisions import messages as messages
from engine.decisions.loading import read
from engine.decisions.model import Decisions

__all__ = ["Decisions", "read"]

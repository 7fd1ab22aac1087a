"""What a case waits to be told: what somebody may send it, and sending it."""

from engine.runtime.waiting.sending import Sendable, deliver, form_variables, send, sendable

__all__ = ["Sendable", "deliver", "form_variables", "send", "sendable"]

"""What would be: the deadlines still to come, a scenario's course, a changed limit's effect.

Everything here runs the real engine, or the real counting, on copies; nothing is ever written.
"""

from engine.outlook.course import Ahead, Outlook, outlook

__all__ = ["Ahead", "Outlook", "outlook"]

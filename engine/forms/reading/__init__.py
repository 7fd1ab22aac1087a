"""From a form file to a Form. Whatever is wrong with the file is told in one go, with how to mend it."""

from engine.forms.reading.door import HOST_FUNCTIONS, read, read_folder

__all__ = ["HOST_FUNCTIONS", "read", "read_folder"]

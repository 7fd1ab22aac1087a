"""The values of FEEL: kinds, types, dates and durations, text form, storage form."""

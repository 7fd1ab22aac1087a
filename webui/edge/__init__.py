"""What every request passes on its way in and out: language, identity in the log, protections, errors."""

"""What would be, as its readers may know it: the steps ahead of a case, courses and limits on calendars."""

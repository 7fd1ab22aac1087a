"""Working time by API: the calendar, the rules, a case's deadlines and its clock."""

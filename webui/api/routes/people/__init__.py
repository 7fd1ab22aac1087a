"""Who is away, who acts for whom, and handing over."""

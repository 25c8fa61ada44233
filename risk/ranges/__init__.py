"""How sure a score is: verdicts at each line, the shares behind the range, a band of drawn shares."""

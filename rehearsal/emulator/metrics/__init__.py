"""CloudWatch from a line of a log to the state of an alarm."""

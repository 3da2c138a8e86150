"""EventBridge: from an event to the targets of the rules that it matches."""

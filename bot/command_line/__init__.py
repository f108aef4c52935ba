"""What the command line does beside serving Slack: the audit and the policy."""

"""A strict simulation of Slack: Web API, Socket Mode, signed HTTP, and the people who click."""

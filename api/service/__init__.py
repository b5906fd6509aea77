"""What the service does, without a word of HTTP: each change checked, recorded and applied."""

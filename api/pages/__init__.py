"""Pages: the service for people at a browser. docs/pages.md says how one is made."""

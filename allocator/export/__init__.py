"""A plan as files a person can use, and as a page of text on a terminal."""

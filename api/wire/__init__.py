"""Wire: what requests and answers hold, apart from the rows and the values of the field."""

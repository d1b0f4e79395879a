"""A made-up incident, written in the format in which AWS delivers flow logs."""

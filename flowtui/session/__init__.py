"""One sitting: what is open, what ran, what it cost. No Textual."""

"""What flow logs are: fields, values, filters, views. No I/O, no clock."""

"""What can be searched for: parameters, their index rows, the reading of a query."""

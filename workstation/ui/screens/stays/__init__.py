"""Who comes to the ward and who leaves it: admission, transfer, leave, discharge, death."""

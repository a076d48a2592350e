"""What is done about one dose, at whatever screen: the deed, the form it may need, and the doer."""

"""The hospital's database: resources, every version of them, and what they are found by."""

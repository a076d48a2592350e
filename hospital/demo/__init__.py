"""An invented hospital: wards, staff, patients, five days of stays; the same for a seed."""

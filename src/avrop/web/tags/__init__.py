"""The components, by kind; templatetags/avrop.py gathers them into one library."""

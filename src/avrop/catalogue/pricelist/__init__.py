"""Price lists as spreadsheets: read, mapped to our fields by headings, taken in as a catalogue version."""

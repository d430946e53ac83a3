"""What portals will take of a catalogue, change or drop, and how to mend it; ours or anybody's."""

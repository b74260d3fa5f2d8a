"""Who gets a lead: chosen by what is recorded, in the office and live alike."""

"""The live service: real records, the same rules, who must do what, and what was sent."""

"""What the office must show without being told: nine published facts, measured on it, one file each."""

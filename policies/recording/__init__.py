"""What is paid and praised for recording: days whose records are complete, and the habit programme (E2)."""

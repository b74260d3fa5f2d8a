"""From a CRM's files to posted events: `document` (what a mapping says), `loader` (names and files), `files` (CSV and Excel),
`parsing` (texts into instants, numbers and durations), `building` (rows into events), `remarks` (what was repaired or set
aside), `importing` (the whole of it), `export` (an office's records in our own layout)."""

"""What a firm may expect, and how well that was foretold from its own past.

`known`: what was known at an instant · `ages`, `arrivals`, `spread`: chances by age, what comes, how far expectations stray ·
`simple`, `pipeline`: naive methods · `chances`: the product's own · `forecasters`: all of them behind one interface ·
`measures`, `backtest`: how good they were · `parts`: units, reps and revenue · `forecast`: what is told ·
`words`, `plots`, `page`: sentences and pages.
"""

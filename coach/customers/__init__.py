"""One customer, one id: who is likely the same customer under another writing, another number or another owner.

`writing`, `lexicon`, `names`, `numbers`: what a name, a tax number, a telephone number or a mail address say, however it is
written · `described`, `comparing`, `wording`: two customers held against each other, with a likeness and reasons ·
`index`: a register of many, in which one is found in milliseconds · `register`: the customers of a store · `searching`: what a
viewer is told of them · `creating`: a new record that is likely a known customer · `pairs`: likely duplicates within a store ·
`pursuits`: a customer whom two reps pursue together, and their shared tasks.
"""

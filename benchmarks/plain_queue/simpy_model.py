"""The plain queueing model as a SimPy user would write it: a process per lead, a priority resource per rep."""

import random

import simpy

from benchmarks.plain_queue.model import Parameters, Report


class Firm:
    """The reps, their leads, and the counts."""

    def __init__(self, env: simpy.Environment, parameters: Parameters, seed: int):
        self.env = env
        self.parameters = parameters
        self.random = random.Random(seed)
        self.reps = [simpy.PriorityResource(env) for _ in range(parameters.reps)]
        self.events = self.arrived = self.won = self.departed = 0
        self.busy_hours = 0.0

    def draw(self, mean: float) -> float:
        """An exponential time with this mean."""
        return self.random.expovariate(1.0 / mean)

    def leads(self, rep):
        """Leads come to this rep at random."""
        gap = self.parameters.hours_per_week / self.parameters.leads_per_week
        while True:
            yield self.env.timeout(self.draw(gap))
            self.arrived += 1
            self.events += 1
            self.env.process(self.lead(rep))

    def lead(self, rep):
        """A lead passes the stages, later stages first in the queue, or loses patience."""
        for stage in range(self.parameters.stages):
            with rep.request(priority=-stage) as turn:
                patience = self.env.timeout(self.draw(self.parameters.patience_hours))
                yield turn | patience
                if not turn.triggered:
                    self.departed += 1
                    self.events += 1
                    return
                yield from self.work()
            if stage < self.parameters.stages - 1:
                yield self.env.timeout(self.draw(self.parameters.delay_hours))
                self.events += 1
        self.won += 1

    def work(self):
        """One piece of work on a lead."""
        hours = self.draw(self.parameters.work_hours)
        self.busy_hours += min(hours, self.parameters.horizon_hours - self.env.now)
        yield self.env.timeout(hours)
        self.events += 1


def run(parameters: Parameters, seed: int) -> Report:
    """Run to the horizon."""
    env = simpy.Environment()
    firm = Firm(env, parameters, seed)
    for rep in firm.reps:
        env.process(firm.leads(rep))
    env.run(until=parameters.horizon_hours)
    return Report(firm.events, firm.arrived, firm.won, firm.departed, firm.busy_hours)

"""What all documents of an experiment are made of."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Number = float | None
Arm = Literal["a", "b"]


class Part(BaseModel):
    """A part of a document: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """The same words in both languages."""

    en: str
    zh: str


class Estimate(Part):
    """A value with the ends of its interval."""

    value: Number
    low: Number
    high: Number

    @property
    def known(self) -> tuple[float, float, float] | None:
        """Value, low end and high end; None where one of them is missing."""
        if self.value is None or self.low is None or self.high is None:
            return None
        return self.value, self.low, self.high

"""A smooth surface through noisy values at points of a square, with its uncertainty: Gaussian processes (scikit-learn).

Few points do not tell how quickly the surface bends. Instead of the one likeliest answer, which understates the error, all
answers of a grid count, each by its likelihood; where they disagree, the error grows. The level is left open (a wide prior).
"""

from itertools import product
from typing import NamedTuple

import numpy as np

PRIOR_CASES = 12  # the error of one point leans on that of all points as if it had so many values more
LENGTHS = (0.25, 0.5, 1.0, 2.0, 6.0)  # over which part of an axis the surface may bend
HEIGHTS = (0.1, 0.4, 1.6, 6.4)  # variance of the surface, against that of the points
LEVEL = 25.0  # variance of its level, against the same


class Surface(NamedTuple):
    """Mean and standard error at the places asked for, f8[places] each."""

    mean: np.ndarray
    error: np.ndarray


def errors_of(values: np.ndarray) -> np.ndarray:
    """Variance of the mean of each point, f8[points], from f8[points, repetitions]."""
    repetitions = values.shape[1]
    own = values.var(axis=1, ddof=1)
    freedom = repetitions - 1
    return (PRIOR_CASES * own.mean() + freedom * own) / (PRIOR_CASES + freedom) / repetitions


def surface(points: np.ndarray, values: np.ndarray, places: np.ndarray) -> Surface:
    """The surface through `values` f8[points, repetitions] at `points` f8[points, axes], in (0, 1), seen at `places`."""
    from sklearn import config_context
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel

    means = values.mean(axis=1)
    middle, scale = float(means.mean()), float(means.std()) or 1.0
    noise = errors_of(values) / scale**2 + 1e-8
    found, likelihoods = [], []
    with config_context(assume_finite=True, skip_parameter_validation=True):
        for height, *lengths in product(HEIGHTS, *[LENGTHS] * points.shape[1]):
            kernel = ConstantKernel(LEVEL) + ConstantKernel(height) * RBF(lengths)
            process = GaussianProcessRegressor(kernel, alpha=noise, optimizer=None).fit(points, (means - middle) / scale)
            likelihoods.append(process.log_marginal_likelihood_value_)
            found.append(process.predict(places, return_std=True))
    weights = np.exp(np.array(likelihoods) - max(likelihoods))
    weights = (weights / weights.sum())[:, None]
    each, errors = (np.array(part) for part in zip(*found, strict=True))
    mean = (weights * each).sum(axis=0)
    variance = (weights * (errors**2 + (each - mean) ** 2)).sum(axis=0)
    return Surface(mean * scale + middle, np.sqrt(variance) * scale)

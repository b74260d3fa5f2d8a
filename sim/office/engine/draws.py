"""Draws that depend on what they are about, never on the order in which they are made.

Every draw is the counter-based hash Threefry2x64-20 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
as 1, 2, 3", SC 2011) of a key (seed, purpose) and a counter (thing, turn). Two policies that ask the same question about the
same thing get the same answer, and every variate is made by inversion from one uniform, so that a changed parameter moves
the answer without reshuffling the others.

All arguments named seed, purpose, thing or turn are whole numbers (int64 or uint64; negative ones wrap).
"""

import math

import numpy as np

from policies.jit.compiled import JIT_DISABLED, compiled

_WORD = 0xFFFFFFFFFFFFFFFF
_PARITY = 0x1BD11BDAA9FC1A22
_PAIR = 0x70616972  # purpose kept for `pair`, far above the small numbers that name purposes
_STEP = 2.0**-52
_TAIL_DEVIATIONS = 9.0
_NEGLIGIBLE = 1e-20


if JIT_DISABLED:

    def _word(value):
        # Python integers: numpy's scalars would warn of every wrap-around that the hash lives on.
        return int(value) & _WORD

else:

    @compiled
    def _word(value):
        return np.uint64(value)


@compiled
def _four_rounds(x0, x1, a, b, c, d):
    x0 = (x0 + x1) & _WORD
    x1 = (((x1 << a) & _WORD) | (x1 >> (_word(64) - a))) ^ x0
    x0 = (x0 + x1) & _WORD
    x1 = (((x1 << b) & _WORD) | (x1 >> (_word(64) - b))) ^ x0
    x0 = (x0 + x1) & _WORD
    x1 = (((x1 << c) & _WORD) | (x1 >> (_word(64) - c))) ^ x0
    x0 = (x0 + x1) & _WORD
    x1 = (((x1 << d) & _WORD) | (x1 >> (_word(64) - d))) ^ x0
    return x0, x1


@compiled
def _odd_rounds(x0, x1):
    return _four_rounds(x0, x1, _word(16), _word(42), _word(12), _word(31))


@compiled
def _even_rounds(x0, x1):
    return _four_rounds(x0, x1, _word(16), _word(32), _word(24), _word(21))


@compiled
def threefry(k0, k1, c0, c1):
    """Threefry2x64 with 20 rounds: two 64-bit words from key (k0, k1) and counter (c0, c1)."""
    k0 = _word(k0)
    k1 = _word(k1)
    k2 = (_word(_PARITY) ^ k0) ^ k1
    x0 = (_word(c0) + k0) & _WORD
    x1 = (_word(c1) + k1) & _WORD
    x0, x1 = _odd_rounds(x0, x1)
    x0, x1 = (x0 + k1) & _WORD, (x1 + k2 + _word(1)) & _WORD
    x0, x1 = _even_rounds(x0, x1)
    x0, x1 = (x0 + k2) & _WORD, (x1 + k0 + _word(2)) & _WORD
    x0, x1 = _odd_rounds(x0, x1)
    x0, x1 = (x0 + k0) & _WORD, (x1 + k1 + _word(3)) & _WORD
    x0, x1 = _even_rounds(x0, x1)
    x0, x1 = (x0 + k1) & _WORD, (x1 + k2 + _word(4)) & _WORD
    x0, x1 = _odd_rounds(x0, x1)
    return (x0 + k2) & _WORD, (x1 + k0 + _word(5)) & _WORD


@compiled
def uniform(seed, purpose, thing, turn):
    """Uniform in the open interval (0, 1): an odd multiple of 2**-53, so that 1 - u is exact and as fine as u."""
    word, _ = threefry(seed, purpose, thing, turn)
    return (np.int64(word >> _word(12)) + 0.5) * _STEP


@compiled
def exponential(seed, purpose, thing, turn):
    """Exponential with mean 1; large where `uniform` is small."""
    return -math.log(uniform(seed, purpose, thing, turn))


@compiled
def normal(seed, purpose, thing, turn):
    """Standard normal; grows with `uniform`."""
    return inverse_normal(uniform(seed, purpose, thing, turn))


@compiled
def lognormal(seed, purpose, thing, turn, median, sigma):
    """Lognormal in the unit of `median`; `sigma` is the standard deviation of its logarithm."""
    return median * math.exp(sigma * normal(seed, purpose, thing, turn))


@compiled
def pair(seed, thing_a, thing_b):
    """Keyed whole number in [0, 2**63) about two things together.

    Compared, it is a fair lottery (the rep with the highest number for this lead gets it, and one more rep moves only the
    leads that rep gets); as `thing` of another draw, it stands for the two of them.
    """
    word, _ = threefry(seed, _PAIR, thing_a, thing_b)
    return np.int64(word >> _word(1))


@compiled
def poisson_gamma(u, mean, dispersion):
    """Smallest whole number whose cumulative probability reaches `u`: a count with over-dispersion.

    `mean` >= 0 is the expected count, `dispersion` >= 1 the variance divided by the mean: 1 is Poisson, above it is the
    negative binomial (a Poisson count whose rate is gamma distributed). Inversion by sequential search; with a large mean the
    search starts 9 standard deviations below it, where less than 1e-18 has been left out.
    """
    if mean <= 0.0:
        return 0
    extra = max(dispersion - 1.0, 0.0)
    log_probability = -mean if extra == 0.0 else -mean * math.log1p(extra) / extra
    first = int(max(0.0, mean - _TAIL_DEVIATIONS * math.sqrt(mean * (1.0 + extra))))
    for k in range(first):
        log_probability += math.log((mean + k * extra) / ((1.0 + extra) * (k + 1.0)))
    count = first
    probability = math.exp(log_probability)
    cumulative = probability
    while cumulative < u and (count < mean or probability > _NEGLIGIBLE):
        probability *= (mean + count * extra) / ((1.0 + extra) * (count + 1.0))
        cumulative += probability
        count += 1
    return count


@compiled
def inverse_normal(u):
    """Standard normal quantile of `u` in (0, 1): algorithm AS 241, PPND16 (Wichura, Applied Statistics 37, 1988)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _central(0.180625 - q * q)
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    magnitude = _tail(r - 1.6) if r <= 5.0 else _far_tail(r - 5.0)
    return -magnitude if q < 0.0 else magnitude


@compiled
def _central(r):
    upper = 2.5090809287301226727e3
    upper = upper * r + 3.3430575583588128105e4
    upper = upper * r + 6.7265770927008700853e4
    upper = upper * r + 4.5921953931549871457e4
    upper = upper * r + 1.3731693765509461125e4
    upper = upper * r + 1.9715909503065514427e3
    upper = upper * r + 1.3314166789178437745e2
    upper = upper * r + 3.3871328727963666080e0
    lower = 5.2264952788528545610e3
    lower = lower * r + 2.8729085735721942674e4
    lower = lower * r + 3.9307895800092710610e4
    lower = lower * r + 2.1213794301586595867e4
    lower = lower * r + 5.3941960214247511077e3
    lower = lower * r + 6.8718700749205790830e2
    lower = lower * r + 4.2313330701600911252e1
    return upper / (lower * r + 1.0)


@compiled
def _tail(r):
    upper = 7.74545014278341407640e-4
    upper = upper * r + 2.27238449892691845833e-2
    upper = upper * r + 2.41780725177450611770e-1
    upper = upper * r + 1.27045825245236838258e0
    upper = upper * r + 3.64784832476320460504e0
    upper = upper * r + 5.76949722146069140550e0
    upper = upper * r + 4.63033784615654529590e0
    upper = upper * r + 1.42343711074968357734e0
    lower = 1.05075007164441684324e-9
    lower = lower * r + 5.47593808499534494600e-4
    lower = lower * r + 1.51986665636164571966e-2
    lower = lower * r + 1.48103976427480074590e-1
    lower = lower * r + 6.89767334985100004550e-1
    lower = lower * r + 1.67638483018380384940e0
    lower = lower * r + 2.05319162663775882187e0
    return upper / (lower * r + 1.0)


@compiled
def _far_tail(r):
    upper = 2.01033439929228813265e-7
    upper = upper * r + 2.71155556874348757815e-5
    upper = upper * r + 1.24266094738807843860e-3
    upper = upper * r + 2.65321895265761230930e-2
    upper = upper * r + 2.96560571828504891230e-1
    upper = upper * r + 1.78482653991729133580e0
    upper = upper * r + 5.46378491116411436990e0
    upper = upper * r + 6.65790464350110377720e0
    lower = 2.04426310338993978564e-15
    lower = lower * r + 1.42151175831644588870e-7
    lower = lower * r + 1.84631831751005468180e-5
    lower = lower * r + 7.86869131145613259100e-4
    lower = lower * r + 1.48753612908506148525e-2
    lower = lower * r + 1.36929880922735805310e-1
    lower = lower * r + 5.99832206555887937690e-1
    return upper / (lower * r + 1.0)

"""Series of known kinds, made from a seed."""

import math
from bisect import bisect

DAY = 24


def poisson(mean):
    """`draw(random)`: a Poisson number of a mean up to 500, by its distribution function."""
    term, total, summed = math.exp(-mean), 0.0, []
    for number in range(int(mean + 12 * math.sqrt(mean)) + 20):
        total += term
        summed.append(total)
        term *= mean / (number + 1)
    return lambda random: bisect(summed, random.random())


def wave(at, mean, swing, season=DAY):
    return mean + swing * math.sin(2 * math.pi * at / season)


def noise(random, length):
    return [100 + random.gauss(0, 5) for _ in range(length)]


def trend(random, length):
    return [100 + 0.3 * at + random.gauss(0, 5) for at in range(length)]


def daily(random, length):
    return [wave(at, 100, 40) + random.gauss(0, 5) for at in range(length)]


def weekly(random, length):
    return [wave(at, 100, 40, 7) + random.gauss(0, 5) for at in range(length)]


def daily_trend(random, length):
    return [wave(at, 100, 40) + 0.2 * at + random.gauss(0, 5) for at in range(length)]


def daily_counts(random, length):
    draws = [poisson(wave(at, 20, 15)) for at in range(DAY)]
    return [draws[at % DAY](random) for at in range(length)]


def shift(random, length):
    return [(100 if at < 0.6 * length else 160) + random.gauss(0, 5) for at in range(length)]


def walk(random, length):
    at, told = 100.0, []
    for _ in range(length):
        at += random.gauss(0, 1)
        told.append(at)
    return told

"""A real store whose clock only moves when told to, as breakers see it."""

from brightspot.valkey.adapter import Answer, Trip


class HandTime:
    """Satisfies what breakers use of `Valkey`; scripts and TIME are told `now`, in microseconds."""

    def __init__(self, valkey, told_the_time, now):
        self.valkey = valkey
        self.told_the_time = told_the_time
        self.now = now

    def trip(self):
        return _Trip(self)

    def call(self, *command):
        return self.valkey.call(*command)


class _Trip(Trip):
    def __init__(self, time):
        super().__init__(time.valkey)
        self._time = time

    def script(self, script, keys, arguments):
        return super().script(self._time.told_the_time(script), keys, [*arguments, self._time.now])

    def add(self, *command):
        if command != ("TIME",):
            return super().add(*command)
        answer = Answer()
        answer.settle(divmod(self._time.now, 1_000_000))
        return answer

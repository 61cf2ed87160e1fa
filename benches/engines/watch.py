"""What rivals' programs share: time, processor time and memory of a piece of work."""

import json
import os
import threading
import time
from collections.abc import Callable
from typing import Any, Self


def anonymous_bytes() -> int:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon"))


class Peak:
    """Anonymous memory while the read runs, as `memory.rs` watches it."""

    def __enter__(self) -> Self:
        self.bytes, self.stopped = anonymous_bytes(), threading.Event()
        self.watcher = threading.Thread(target=self.watch)
        self.watcher.start()
        return self

    def watch(self) -> None:
        while not self.stopped.wait(0.002):
            self.bytes = max(self.bytes, anonymous_bytes())

    def __exit__(self, *_: object) -> None:
        self.bytes = max(self.bytes, anonymous_bytes())
        self.stopped.set()
        self.watcher.join()


def report(name: str, times: int, work: Callable[[], Any], tell: Callable[[Any], tuple]) -> None:
    """Does a piece of work several times; prints one line of JSON."""
    seconds, cpu_seconds, result = [], [], None
    with Peak() as peak:
        for _ in range(times):
            result = None  # What a run gave goes before the next begins.
            before, start = os.times(), time.perf_counter()
            result = work()
            seconds.append(time.perf_counter() - start)
            after = os.times()
            cpu_seconds.append(after.user + after.system - before.user - before.system)
    rows, column_bytes, answer = tell(result)
    print(
        json.dumps(
            {
                "engine": name,
                "seconds": seconds,
                "cpu_seconds": cpu_seconds,
                "rows": rows,
                "column_bytes": column_bytes,
                "peak_bytes": peak.bytes,
                "answer": answer,
            }
        )
    )

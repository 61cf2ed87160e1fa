"""The worst routes out of New York: reads CSV, asks, keeps the table as .prdx, asks again."""

import resource
import sys
import time
from pathlib import Path

import pardox as px


def main(tables: Path, output: Path, flights_min: int) -> None:
    flights = timed("read flights", lambda: read(tables / "flights.csv"))
    airlines = timed("read airlines", lambda: read(tables / "airlines.csv"))
    speed = px.col("distance") * 1.609344 / (px.col("air_time") / 60)
    enriched = timed(
        "enrich", lambda: flights.filter("air_time > 60").with_columns(speed_kmh=speed)
    )
    worst = timed("ask", lambda: worst_routes(enriched, airlines, flights_min))
    print(worst.display(width=100), end="")
    prdx = output / "enriched.prdx"
    timed("write prdx", lambda: enriched.to_prdx(prdx))
    again = timed("open prdx", lambda: px.read_prdx(prdx))
    worst = timed("ask again", lambda: worst_routes(again, airlines, flights_min))
    print(worst.display(width=100), end="")


def read(path: Path) -> px.DataFrame:
    return px.read_csv(path, null_values=["NA"])


def worst_routes(flights: px.DataFrame, airlines: px.DataFrame, flights_min: int) -> px.DataFrame:
    delay = px.col("arr_delay")
    late = (delay > 0).cast("int64")
    return (
        flights.lazy()
        .groupby("carrier", "dest")
        .agg(
            n=px.count(),
            mean_delay=delay.mean(),
            worst_delay=delay.max(),
            late=late.sum(),
            late_share=late.mean(),
            mean_kmh=px.col("speed_kmh").mean(),
        )
        .filter("n >= :flights_min", {"flights_min": flights_min})
        .join(airlines, on="carrier")
        .sort([px.col("mean_delay").desc(), "carrier", "dest"])
        .limit(10)
        .select(
            "carrier",
            "name",
            "dest",
            "n",
            {"mean_delay": px.col("mean_delay").round(2)},
            "worst_delay",
            "late",
            late_share=px.col("late_share").round(4),
            mean_kmh=px.col("mean_kmh").round(1),
        )
        .collect()
    )


def timed(step, work):
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    rows = result.rows if isinstance(result, px.WriteReport) else len(result)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{step:<14} {seconds * 1000:9.1f} ms {rows:9} rows {peak:8.0f} MB peak", file=sys.stderr)
    return result


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))

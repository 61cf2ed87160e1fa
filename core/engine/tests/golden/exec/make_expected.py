"""Makes t.csv, u.csv and expected/*.csv beside this file: `python make_expected.py`.

Needs duckdb; the version is written to expected/VERSION. The data follow from a fixed seed. Empty
means null; text holds no commas and no quotes. Rows stand in the order that PardoX promises: groups
by first appearance, joins by left then right row.
"""

import pathlib
import random

import duckdb

HERE = pathlib.Path(__file__).parent
QUERIES = {
    "group_text": """select s, count(*), count(i), sum(i), min(i), max(i), avg(i), min(d), max(ts), count(distinct i)
        from t group by s order by min(rid)""",
    "group_float": """select f0, count(*), sum(i), count(distinct s), min(s), max(s)
        from (select rid, i, s, case when f = 0 then 0.0 else f end as f0 from t)
        group by f0 order by min(rid)""",
    "group_three": """select b, d, i % 3 as m, count(*), max(s), first(i order by rid), last(s order by rid)
        from t group by b, d, m order by min(rid)""",
    "median": """select b, median(i), median(f) filter (where not isnan(f) and not isinf(f)), count(*)
        from t group by b order by min(rid)""",
    "deviation": """select s, stddev_samp(i), var_samp(i) from t group by s order by min(rid)""",
    "whole": """select count(*), sum(i), avg(i), min(f), max(f), count(distinct d), min(s), max(s) from t""",
    "inner": """select t.rid, u.w from t join u on t.i = u.i order by t.rid, u.rid""",
    "left_two": """select t.rid, u.w from t left join u on t.i = u.i and t.s = u.s order by t.rid, u.rid""",
    "semi": """select rid from t where exists (select 1 from u where u.s = t.s) order by rid""",
    "anti": """select rid from t where not exists (select 1 from u where u.i = t.i and u.s = t.s) order by rid""",
    "sort": """select rid from t order by s desc nulls first, f asc nulls last, i desc nulls last, rid""",
    "distinct": """select s, b, min(rid) from t group by s, b order by min(rid)""",
    "filter": """select rid, i * 2 + 1, f / 4 from t where i > 0 and (s = 'b' or b) order by rid""",
}


def main() -> None:
    draw = random.Random(20261122)
    texts = ["a", "b", "ab", "abcdefgh", "abcdefghi", "abcdefgha", "é", "Z", "zebra crossing", "𝄞"]
    floats = [0.0, -0.0, 1.5, -2.25, float("nan"), float("inf"), float("-inf"), 1e300, 3.0]

    def maybe(value: object) -> str:
        return "" if draw.random() < 0.12 else str(value)

    def number() -> int:
        choices = [draw.randint(-5, 40), draw.randint(-5, 40), draw.randint(-10**12, 10**12)]
        return draw.choice(choices)

    with open(HERE / "t.csv", "w", encoding="utf-8") as out:
        out.write("rid,i,f,s,b,d,ts\n")
        for rid in range(700):
            date = f"20{draw.randint(23, 24)}-0{draw.randint(1, 3)}-{draw.randint(1, 3):02}"
            clock = f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:00"
            cells = [maybe(number()), maybe(repr(draw.choice(floats))), maybe(draw.choice(texts)),
                     maybe(draw.choice(["true", "false"])), maybe(date), maybe(f"{date}T{clock}")]
            out.write(",".join([str(rid), *cells]) + "\n")
    with open(HERE / "u.csv", "w", encoding="utf-8") as out:
        out.write("rid,i,s,w\n")
        for rid in range(90):
            cells = [maybe(draw.randint(-5, 60)), maybe(draw.choice(texts)),
                     maybe(draw.randint(0, 9))]
            out.write(",".join([str(rid), *cells]) + "\n")

    base = duckdb.connect()
    base.execute(f"""create table t as select * from read_csv('{HERE}/t.csv', header=true, columns={{
        'rid': 'bigint', 'i': 'bigint', 'f': 'double', 's': 'varchar', 'b': 'boolean', 'd': 'date', 'ts': 'timestamp'}})""")
    base.execute(f"""create table u as select * from read_csv('{HERE}/u.csv', header=true, columns={{
        'rid': 'bigint', 'i': 'bigint', 's': 'varchar', 'w': 'bigint'}})""")
    folder = HERE / "expected"
    folder.mkdir(exist_ok=True)
    (folder / "VERSION").write_text(f"DuckDB {duckdb.__version__}\n")
    for name, query in QUERIES.items():
        rows = base.execute(query).fetchall()
        with open(folder / f"{name}.csv", "w", encoding="utf-8") as out:
            for row in rows:
                out.write(",".join(text(value) for value in row) + "\n")


def text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return {"nan": "NaN"}.get(repr(value), repr(value))
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


main()

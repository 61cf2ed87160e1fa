// One question about real flights, as examples/README.md puts it.
//
//   node build/examples/flights.js <folder of the tables> <folder to write to> <flights_min>

import { join } from "node:path";
import * as px from "pardox";

const [data, output, flightsMin] = process.argv.slice(2);
if (data === undefined || output === undefined || flightsMin === undefined) {
  console.error("expected three words: folder of the tables, folder to write to, flights_min");
  process.exit(2);
}

const { col } = px;

const flights = await step("read flights.csv", () =>
  px.readCsv(join(data, "flights.csv"), { nullValues: ["NA"] }),
);
const airlines = await step("read airlines.csv", () =>
  px.readCsv(join(data, "airlines.csv"), { nullValues: ["NA"] }),
);

const enriched = await step("speed of flights over an hour", () =>
  flights
    .filter(col("air_time").gt(60))
    .withColumns({ speed_kmh: col("distance").mul(1.609344).div(col("air_time").div(60)) })
    .collect(),
);

const worst = await step("worst ten routes", () => worstRoutes(enriched));
process.stdout.write(worst.display({ width: 100 }));

const path = join(output, "enriched.prdx");
await step("write enriched.prdx", () => enriched.toPrdx(path));
const again = await step("open enriched.prdx", () => px.readPrdx(path));
const same = await step("worst ten routes again", () => worstRoutes(again));
process.stdout.write(same.display({ width: 100 }));

/** The ten routes with the worst mean delay, of those that are flown often. */
function worstRoutes(table: px.DataFrame): Promise<px.DataFrame> {
  const isLate = col("arr_delay").gt(0).cast("int64");
  return table
    .groupBy("carrier", "dest")
    .agg({
      n: px.count(),
      mean_delay: px.mean("arr_delay"),
      worst_delay: px.max("arr_delay"),
      late: isLate.sum(),
      late_share: isLate.mean(),
      mean_kmh: px.mean("speed_kmh"),
    })
    .filter("n >= :flights_min", { flights_min: Number(flightsMin) })
    .join(airlines, { on: "carrier" })
    .sort([col("mean_delay").desc(), "carrier", "dest"])
    .head(10)
    .select("carrier", "name", "dest", "n", {
      mean_delay: col("mean_delay").round(2),
      worst_delay: col("worst_delay"),
      late: col("late"),
      late_share: col("late_share").round(4),
      mean_kmh: col("mean_kmh").round(1),
    })
    .collect();
}

/** Does a step, and tells on stderr how long it took, its rows and the memory of the process. */
async function step<T extends px.DataFrame | px.WriteReport>(
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const result = await work();
  const time = `${(performance.now() - start).toFixed(1)} ms`;
  const rows = result instanceof px.DataFrame ? result.shape[0] : result.rows;
  const memory = `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`;
  console.error(
    `${name.padEnd(32)}${time.padStart(12)}${`${rows} rows`.padStart(16)}${memory.padStart(10)}`,
  );
  return result;
}

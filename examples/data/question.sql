-- The demo's question, in DuckDB's SQL (checked with DuckDB 1.5.6).
-- $folder: where flights.csv and airlines.csv are; $flights_min: 100 on the full data, 10 on the slice.
with
  flights as (
    select * from read_csv($folder || '/flights.csv', nullstr = 'NA', sample_size = -1)
  ),
  airlines as (
    select * from read_csv($folder || '/airlines.csv', nullstr = 'NA', sample_size = -1)
  ),
  -- Flights longer than an hour (a null air_time is not known to be longer: it is left out), with
  -- their speed: miles to kilometres over minutes to hours.
  enriched as (
    select *, distance * 1.609344::double / (air_time / 60.0::double) as speed_kmh
    from flights
    where air_time > 60
  ),
  -- A flight whose arr_delay is null counts as a flight (n), but not as late and not as on time:
  -- arr_delay > 0 is null there, which sum, mean and max leave out.
  routes as (
    select
      carrier,
      dest,
      count(*) as n,
      avg(arr_delay) as mean_delay,
      max(arr_delay) as worst_delay,
      cast(sum(cast(arr_delay > 0 as bigint)) as bigint) as late,
      avg(cast(arr_delay > 0 as bigint)) as late_share,
      avg(speed_kmh) as mean_kmh
    from enriched
    group by carrier, dest
    having count(*) >= $flights_min
  )
select
  routes.carrier,
  airlines.name,
  routes.dest,
  n,
  round(mean_delay, 2) as mean_delay,
  worst_delay,
  late,
  round(late_share, 4) as late_share,
  round(mean_kmh, 1) as mean_kmh
from routes join airlines on routes.carrier = airlines.carrier
-- carrier and dest are the groups' keys, so that the order is total.
order by routes.mean_delay desc, routes.carrier, routes.dest
limit 10

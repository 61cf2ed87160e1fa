<?php

// Which flights of New York in 2013 were late: examples/README.md, in PHP.
//
//     php examples/flights.php <folder of the tables> <folder to write to> <flights_min>

declare(strict_types=1);

use Pardox\DataFrame;

use function Pardox\col;
use function Pardox\count;
use function Pardox\param;

require __DIR__ . '/../bindings/php/autoload.php';

[, $tables, $output, $flightsMin] = $argv;

/** Runs a step and tells its time, rows and the memory of the process. */
function step(string $name, callable $work): mixed
{
    $start = hrtime(true);
    $result = $work();
    $milliseconds = (hrtime(true) - $start) / 1e6;
    $rows = $result instanceof DataFrame ? \count($result) : $result->rows;
    preg_match('/VmRSS:\s+(\d+)/', (string) @file_get_contents('/proc/self/status'), $found);
    $memory = ($found[1] ?? 0) / 1024;
    fprintf(STDERR, "%-20s %9.1f ms %9d rows %6d MB\n", $name, $milliseconds, $rows, $memory);
    return $result;
}

/** The worst ten routes of a table of flights. */
function worst(DataFrame $enriched, DataFrame $airlines, int $flightsMin): DataFrame
{
    $isLate = col('arr_delay')->gt(0)->cast('int64');
    return $enriched->lazy()
        ->groupBy('carrier', 'dest')
        ->agg(
            n: count(),
            mean_delay: col('arr_delay')->mean(),
            worst_delay: col('arr_delay')->max(),
            late: $isLate->sum(),
            late_share: $isLate->mean(),
            mean_kmh: col('speed_kmh')->mean(),
        )
        ->filter(col('n')->ge(param('flights_min')))
        ->join($airlines, on: 'carrier')
        ->sort([col('mean_delay')->desc(), 'carrier', 'dest'])
        ->head(10)
        ->select(
            'carrier',
            'name',
            'dest',
            'n',
            mean_delay: col('mean_delay')->round(2),
            worst_delay: col('worst_delay'),
            late: col('late'),
            late_share: col('late_share')->round(4),
            mean_kmh: col('mean_kmh')->round(1),
        )
        ->collect(params: ['flights_min' => $flightsMin]);
}

$read = fn (string $name) => DataFrame::readCsv("{$tables}/{$name}.csv", nullValues: ['NA']);
$flights = step('read flights', fn () => $read('flights'));
$airlines = step('read airlines', fn () => $read('airlines'));

$enriched = step('enrich', function () use ($flights): DataFrame {
    $enriched = $flights->filter('air_time > 60');
    $hours = $enriched['air_time']->div(60);
    $enriched['speed_kmh'] = $enriched['distance']->mul(1.609344)->div($hours);
    return $enriched;
});

$first = step('worst routes', fn () => worst($enriched, $airlines, (int) $flightsMin));
echo $first->display(width: 100);

step('write .prdx', fn () => $enriched->toPrdx("{$output}/enriched.prdx"));
$again = step('open .prdx', fn () => DataFrame::readPrdx("{$output}/enriched.prdx"));
$second = step('worst routes again', fn () => worst($again, $airlines, (int) $flightsMin));
echo $second->display(width: 100);

<?php

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\DataFrame;
use Pardox\DataType;
use Pardox\ErrorKind;
use Pardox\JoinHow;
use Pardox\LazyFrame;
use Pardox\NullOrder;
use Pardox\Progress;

use function Pardox\col;
use function Pardox\expr;
use function Pardox\lit;
use function Pardox\param;
use function Pardox\sum;
use function Pardox\when;

final class FrameTest extends LibraryTestCase
{
    private string $folder = '';

    protected function setUp(): void
    {
        parent::setUp();
        $this->folder = sys_get_temp_dir() . '/pardox-php-' . bin2hex(random_bytes(6));
        mkdir($this->folder);
    }

    protected function tearDown(): void
    {
        array_map('unlink', glob("{$this->folder}/*") ?: []);
        rmdir($this->folder);
        parent::tearDown();
    }

    private function file(string $name, string $text): string
    {
        $path = "{$this->folder}/{$name}";
        file_put_contents($path, $text);
        return $path;
    }

    public function testAFrameHasShapeColumnsAndSchema(): void
    {
        $df = self::sales();
        self::assertSame([4, 3], $df->shape());
        self::assertCount(4, $df);
        self::assertSame(['region', 'price', 'quantity'], $df->columns());
        $types = array_map(static fn ($one) => $one->dtype, $df->schema());
        self::assertSame([DataType::Utf8, DataType::Float64, DataType::Int64], $types);
    }

    public function testRowsAreArraysByColumnName(): void
    {
        $rows = self::sales()->toArray();
        self::assertSame(['region' => 'north', 'price' => 12.5, 'quantity' => 2], $rows[0]);
        self::assertSame(['region' => null, 'price' => 4.0, 'quantity' => 7], $rows[3]);
        self::assertSame($rows, iterator_to_array(self::sales()));
    }

    public function testBatchesCoverAllRows(): void
    {
        $df = DataFrame::fromColumns(['n' => range(1, 10_000)]);
        $sizes = [];
        $sum = 0;
        foreach ($df->batches(4_000) as $batch) {
            $sizes[] = count($batch);
            $sum += array_sum(array_column($batch, 'n'));
        }
        self::assertSame([4_000, 4_000, 2_000], $sizes);
        self::assertSame(50_005_000, $sum);
    }

    public function testAColumnIsAddedReplacedAndLeftOutInPlace(): void
    {
        $df = self::sales();
        $df['total'] = $df['price']->mul($df['quantity']);
        self::assertSame([25.0, 24.0, null, 28.0], $df['total']->values());
        $df['total'] = 'quantity * 2';
        self::assertSame([4, 6, 10, 14], $df['total']->values());
        self::assertTrue(isset($df['total']));
        unset($df['total'], $df['never there']);
        self::assertFalse(isset($df['total']));
    }

    public function testALazyFrameKeepsTheTableThatItStandsOn(): void
    {
        $df = self::sales();
        $lazy = $df->lazy()->filter('quantity > 2');
        $df['quantity'] = lit(0);
        self::assertCount(3, $lazy->collect());
    }

    public function testStepsRunAtOnce(): void
    {
        $df = self::sales()
            ->filter(col('quantity')->gt(2))
            ->withColumns(double: col('quantity')->mul(2))
            ->select('region', 'double')
            ->sort('double', descending: true);
        self::assertSame(
            [
                ['region' => null, 'double' => 14],
                ['region' => 'north', 'double' => 10],
                ['region' => 'south', 'double' => 6],
            ],
            $df->toArray()
        );
    }

    public function testItemsMayBeNamesExpressionsArraysAndNamedArguments(): void
    {
        $df = self::sales()->select(
            'region',
            col('price'),
            col('price')->mul(2)->alias('double'),
            ['half' => 'price / 2', 2026 => lit(1)],
            expr('quantity as q, quantity + 1 as r'),
            big: when('quantity > 4', 'yes')->otherwise('no')
        );
        $names = ['region', 'price', 'double', 'half', '2026', 'q', 'r', 'big'];
        self::assertSame($names, $df->columns());
        self::assertSame(['no', 'no', 'yes', 'yes'], $df->column('big')->values());
    }

    public function testGroupsAreAggregated(): void
    {
        $df = self::sales()->groupBy('region')->agg(total: sum('price'), n: \Pardox\count());
        self::assertSame(
            [
                ['region' => 'north', 'total' => 12.5, 'n' => 2],
                ['region' => 'south', 'total' => 8.0, 'n' => 1],
                ['region' => null, 'total' => 4.0, 'n' => 1],
            ],
            $df->toArray()
        );
        self::assertSame([['n' => 4]], self::sales()->agg(n: \Pardox\count())->toArray());
    }

    public function testTablesAreJoinedByNamesAndByPairs(): void
    {
        $managers = DataFrame::fromColumns(['area' => ['north', 'south'], 'who' => ['Ana', 'Bo']]);
        $df = self::sales();
        $joined = $df->join($managers, on: ['region' => 'area'], how: JoinHow::Left);
        self::assertSame(['Ana', 'Bo', 'Ana', null], $joined->column('who')->values());
        $renamed = $managers->rename(['area' => 'region']);
        self::assertCount(1, $df->join($renamed, on: 'region', how: 'anti'));
    }

    public function testSortKeysSayDirectionAndNulls(): void
    {
        $df = self::sales();
        $by = [col('region')->desc(nulls: NullOrder::First), col('quantity')->asc()];
        self::assertSame([7, 3, 2, 5], $df->sort($by)->column('quantity')->values());
        $text = expr('region desc nulls first, quantity');
        self::assertSame([7, 3, 2, 5], $df->sort($text)->column('quantity')->values());
        self::assertFails(ErrorKind::InvalidArgument, fn () => $df->sort($text, descending: true));
    }

    public function testParametersAreGivenWithTheStepOrTheRun(): void
    {
        $df = self::sales();
        self::assertCount(2, $df->filter('quantity > :low', ['low' => 3]));
        $lazy = $df->lazy()->filter(col('quantity')->gt(param('low')));
        self::assertCount(2, $lazy->collect(params: ['low' => 3]));
        self::assertFails(ErrorKind::Parameter, fn () => $lazy->collect());
        $twice = $df->lazy()->filter('quantity > :low', ['low' => 3]);
        self::assertFails(ErrorKind::Parameter, fn () => $twice->collect(params: ['low' => 4]));
    }

    public function testStatementsRunOverNamedTables(): void
    {
        $query = 'select region, sum(quantity) as q from sales where quantity > :low '
            . 'group by region order by q';
        $df = DataFrame::sql($query, tables: ['sales' => self::sales()], params: ['low' => 2]);
        self::assertSame([3, 5, 7], $df->column('q')->values());
        $lazy = LazyFrame::sql($query, tables: ['sales' => self::sales()->lazy()]);
        self::assertSame([3, 5, 7], $lazy->collect(params: ['low' => 2])->column('q')->values());
    }

    public function testFilesAreReadWrittenAndOpenedAgain(): void
    {
        $csv = $this->file('in.csv', "day;x;n\n2026-11-22;NA;007\n2026-11-23;1.5;08\n");
        $df = DataFrame::readCsv($csv, delimiter: ';', nullValues: ['NA']);
        self::assertSame([null, 1.5], $df->column('x')->values());
        self::assertSame(['007', '08'], $df->column('n')->values());
        self::assertSame('2026-11-22', $df->column('day')[0]->format('Y-m-d'));

        $report = $df->toPrdx("{$this->folder}/out.prdx");
        self::assertSame(2, $report->rows);
        self::assertSame(filesize($report->path), $report->bytes);
        $again = DataFrame::readPrdx($report->path);
        self::assertSame(json_encode($df), json_encode($again));
        self::assertCount(1, LazyFrame::scanPrdx($report->path)->head(1)->collect());

        $df->select('x')->toCsv("{$this->folder}/out.csv", nullValue: '-');
        self::assertSame("x\n-\n1.5\n", file_get_contents("{$this->folder}/out.csv"));
        self::assertCount(2, LazyFrame::scanCsv($csv, delimiter: ';')->collect());
    }

    public function testArrowBytesGoOutAndIn(): void
    {
        $copy = DataFrame::fromArrow(self::sales()->toArrow());
        self::assertSame(self::sales()->toArray(), $copy->toArray());
    }

    public function testTheTextTableIsTheEngines(): void
    {
        $df = self::sales();
        self::assertStringContainsString('quantity', (string) $df);
        self::assertSame($df->display(), (string) $df);
        self::assertNotSame($df->display(), $df->display(rows: 2));
    }

    public function testRowsBecomeJson(): void
    {
        $df = DataFrame::fromColumns(
            ['day' => ['2026-11-22'], 'at' => ['2026-11-22T10:30:00.000001'], 'n' => [null]],
            schema: ['day' => DataType::Date, 'at' => 'timestamp', 'n' => DataType::Int64]
        );
        $expected = '[{"day":"2026-11-22","at":"2026-11-22T10:30:00.000001","n":null}]';
        self::assertSame($expected, json_encode($df));
    }

    public function testAPlanTellsItsSchemaAndItsSteps(): void
    {
        $lazy = self::sales()->lazy()->select(total: col('price')->mul(2));
        self::assertSame('total', $lazy->schema()[0]->name);
        self::assertSame(DataType::Float64, $lazy->schema()[0]->dtype);
        self::assertNotSame('', $lazy->explain());
    }

    public function testFramesFollowEachOther(): void
    {
        $df = self::sales();
        self::assertCount(8, $df->union($df));
        self::assertCount(12, DataFrame::concat($df, $df, $df->lazy()));
        self::assertCount(8, LazyFrame::concat($df, $df)->collect());
    }

    public function testProgressIsToldWhileWorkRuns(): void
    {
        $seen = [];
        $listen = static function (Progress $progress) use (&$seen): bool {
            $seen[] = $progress->rowsDone;
            return count($seen) < 3;
        };
        $act = fn () => self::slow()->collect(onProgress: $listen);
        self::assertFails(ErrorKind::Cancelled, $act);
        self::assertGreaterThanOrEqual(3, count($seen));
    }
}

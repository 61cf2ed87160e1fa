<?php

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\DataFrame;
use Pardox\DataType;
use Pardox\ErrorKind;

final class ColumnTest extends LibraryTestCase
{
    public function testEveryTypeComesBackExactly(): void
    {
        $columns = [
            'b' => [true, false, null],
            'i' => [PHP_INT_MIN, PHP_INT_MAX, null],
            'f' => [0.1, -0.0, null],
            's' => ['', "a\0b ñ €", null],
        ];
        $df = DataFrame::fromColumns($columns);
        foreach ($columns as $name => $values) {
            self::assertSame($values, $df->column($name)->values(), $name);
        }
        self::assertSame('-0', (string) $df->column('f')[1]);
        $nan = DataFrame::fromColumns(['f' => [NAN, INF, -INF]])->column('f')->values();
        self::assertNan($nan[0]);
        self::assertSame([INF, -INF], array_slice($nan, 1));
    }

    public function testMomentsKeepTheirMicrosecondsOnBothSidesOf1970(): void
    {
        $texts = [
            '1969-12-31T23:59:59.999999',
            '1970-01-01T00:00:00.000000',
            '0001-01-01T00:00:00.000001',
            '9999-12-31T23:59:59.999999',
        ];
        $df = DataFrame::fromColumns(['t' => $texts], schema: ['t' => DataType::Timestamp]);
        $read = $df->column('t')->values();
        $format = static fn ($one) => $one->format('Y-m-d\TH:i:s.u');
        self::assertSame($texts, array_map($format, $read));
        self::assertSame('UTC', $read[0]->getTimezone()->getName());

        $again = DataFrame::fromColumns(['t' => $read]);
        self::assertSame($texts, array_map($format, $again->column('t')->values()));
    }

    public function testAMomentIsItsWallClockInAnyZone(): void
    {
        $madrid = new \DateTimeImmutable('2026-07-01 10:00', new \DateTimeZone('Europe/Madrid'));
        $df = DataFrame::fromColumns(['t' => [$madrid], 'd' => [$madrid]], schema: ['d' => 'date']);
        self::assertSame('2026-07-01 10:00', $df->column('t')[0]->format('Y-m-d H:i'));
        self::assertSame('2026-07-01 00:00', $df->column('d')[0]->format('Y-m-d H:i'));
    }

    public function testAColumnIsCountedIteratedAndReadByIndex(): void
    {
        $column = DataFrame::fromColumns(['n' => range(0, 9_999)])->column('n');
        self::assertCount(10_000, $column);
        self::assertSame('n', $column->name());
        self::assertSame(DataType::Int64, $column->dtype());
        self::assertSame(0, $column->nullCount());
        self::assertSame(range(0, 9_999), iterator_to_array($column));
        foreach ([0, 4_095, 4_096, 9_999, 1] as $row) {
            self::assertSame($row, $column[$row]);
        }
        self::assertFalse(isset($column[10_000]));
        self::assertFails(ErrorKind::InvalidArgument, fn () => $column[10_000]);
        self::assertFails(ErrorKind::InvalidArgument, fn () => $column[-1]);
        self::assertFails(ErrorKind::InvalidArgument, function () use ($column): void {
            $column[0] = 1;
        });
    }

    public function testTextsOfAnySizeAreRead(): void
    {
        $texts = [str_repeat('x', 300_000), '', 'small', null, str_repeat('é', 100_000)];
        $column = DataFrame::fromColumns(['s' => $texts])->column('s');
        self::assertSame($texts, $column->values());
        $many = array_map(static fn (int $i) => str_repeat('y', $i % 50), range(0, 9_999));
        self::assertSame($many, DataFrame::fromColumns(['s' => $many])->column('s')->values());
    }

    public function testAViewReadsInPlaceAndOutlivesItsFrame(): void
    {
        $df = DataFrame::fromColumns(['x' => [1.5, 2.5, 3.5]]);
        $column = $df->column('x');
        $view = $column->view();
        $column->close();
        $df->close();
        unset($df, $column);
        gc_collect_cycles();
        self::assertSame(3, count($view));
        self::assertSame([1.5, 2.5, 3.5], array_map(fn (int $i) => $view[$i], [0, 1, 2]));
        $this->expectException(\FFI\Exception::class);
        $view[3];
    }

    public function testAViewThatCannotBeIsRefused(): void
    {
        $columns = ['s' => ['a'], 'b' => [true], 'n' => [null]];
        $df = DataFrame::fromColumns($columns, schema: ['n' => 'int64']);
        self::assertFails(ErrorKind::TypeMismatch, fn () => $df->column('s')->view());
        self::assertFails(ErrorKind::TypeMismatch, fn () => $df->column('b')->view());
        self::assertFails(ErrorKind::Unsupported, fn () => $df->column('n')->view());
    }

    public function testATableWithoutRowsHasColumnsWithoutValues(): void
    {
        $df = DataFrame::fromColumns(['x' => [1.0], 's' => ['a']])->head(0);
        self::assertSame([], $df->toArray());
        self::assertSame([], $df->column('s')->values());
        self::assertSame(0, count($df->column('x')->view()));
    }

    public function testAColumnOutlivesItsFrame(): void
    {
        $df = DataFrame::fromColumns(['n' => [1, 2]]);
        $column = $df->column('n');
        $df->close();
        self::assertSame([1, 2], $column->values());
    }
}

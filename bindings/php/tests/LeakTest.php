<?php

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\DataFrame;
use Pardox\ErrorKind;
use Pardox\Exception\PardoxException;
use Pardox\Internal\Library;

use function Pardox\col;

/** Live handles and bytes are the same before and after; `tearDown` holds every test to that. */
final class LeakTest extends LibraryTestCase
{
    /** @return iterable<string, array{callable}> */
    public static function works(): iterable
    {
        yield 'rows' => [fn () => self::sales()->toArray()];
        yield 'a loop that is left' => [function (): void {
            foreach (self::sales() as $row) {
                break;
            }
        }];
        yield 'a loop over a column that throws' => [function (): void {
            foreach (self::sales()['price'] as $price) {
                throw new \DomainException('out');
            }
        }];
        yield 'a view' => [fn () => self::sales()->column('quantity')->view()[0]];
        yield 'columns in place' => [function (): void {
            $df = self::sales();
            for ($i = 0; $i < 20; $i += 1) {
                $df['n'] = col('quantity')->add($i);
            }
        }];
        yield 'lazy frames' => [function (): void {
            $lazy = self::sales()->lazy()->groupBy('region')->agg(n: 'count()');
            $lazy->collect()->toArray();
        }];
        yield 'a join of a frame with itself' => [function (): void {
            $df = self::sales();
            $df->join($df->lazy(), on: 'region')->toArray();
        }];
        yield 'a plan that is refused' => [fn () => self::sales()->filter('price >')];
        yield 'a run that fails' => [fn () => self::sales()->select(x: col('quantity')->mod(0))];
        yield 'a file that is missing' => [fn () => DataFrame::readCsv('/nowhere.csv')];
        yield 'a table' => [fn () => self::sales()->display(rows: 2)];
        yield 'Arrow bytes' => [fn () => DataFrame::fromArrow(self::sales()->toArrow())->shape()];
        yield 'broken Arrow bytes' => [fn () => DataFrame::fromArrow('no bytes of Arrow')];
        yield 'schema and explain' => [function (): void {
            $lazy = self::sales()->lazy()->head(1);
            $lazy->schema();
            $lazy->explain();
        }];
        yield 'cancelled work' => [
            fn () => self::slow()->collect(onProgress: static fn () => false),
        ];
    }

    /** @dataProvider works */
    public function testWhateverIsDoneIsGivenBack(callable $work): void
    {
        $before = Library::native()->live();
        for ($i = 0; $i < 10; $i += 1) {
            try {
                $work();
            } catch (PardoxException | \DomainException) {
                // What it ended with does not matter here.
            }
        }
        gc_collect_cycles();
        // The thread of cancelled work gives its memory back by itself.
        $end = microtime(true) + 5.0;
        while (Library::native()->live() !== $before && microtime(true) < $end) {
            usleep(1_000);
        }
        self::assertSame($before, Library::native()->live());
    }

    public function testAnExceptionThatIsKeptHoldsNoHandle(): void
    {
        $before = Library::native()->live();
        $df = self::sales();
        $kept = self::assertFails(ErrorKind::UnknownColumn, fn () => $df->select('nothing'));
        $df->close();
        self::assertSame($before, Library::native()->live());
        self::assertSame(ErrorKind::UnknownColumn, $kept->kind());
    }
}

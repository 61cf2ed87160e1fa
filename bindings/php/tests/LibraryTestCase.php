<?php

// What the tests of the library share: each of them must give back all handles, also where it ends
// in an exception; and things that end a process are tried in one of their own.

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\DataFrame;
use Pardox\ErrorKind;
use Pardox\Exception\PardoxException;
use Pardox\Internal\Library;
use Pardox\LazyFrame;
use PHPUnit\Framework\TestCase;

use function Pardox\col;

abstract class LibraryTestCase extends TestCase
{
    /** Seconds that cancelled work may take to leave: it is asked every 100 ms. */
    private const LEAVE_SECONDS = 5.0;

    /** @var array{int, int} */
    private array $liveBefore;

    protected function setUp(): void
    {
        $this->liveBefore = Library::native()->live();
    }

    protected function tearDown(): void
    {
        gc_collect_cycles();
        $end = microtime(true) + self::LEAVE_SECONDS;
        while (Library::native()->live() !== $this->liveBefore && microtime(true) < $end) {
            usleep(1_000);
        }
        self::assertSame($this->liveBefore, Library::native()->live(), 'handles and bytes left');
    }

    protected static function sales(): DataFrame
    {
        return DataFrame::fromColumns([
            'region' => ['north', 'south', 'north', null],
            'price' => [12.5, 8.0, null, 4.0],
            'quantity' => [2, 3, 5, 7],
        ]);
    }

    /** Work that takes seconds: a table that is doubled again and again, then sorted. */
    protected const SLOW = '$lazy = \Pardox\DataFrame::fromColumns(["n" => range(1, 4000)]);'
        . '$lazy = $lazy->lazy();'
        . 'for ($i = 0; $i < 14; $i += 1) { $lazy = $lazy->union($lazy); }'
        . '$lazy = $lazy->sort(\Pardox\col("n")->desc());';

    protected static function slow(): LazyFrame
    {
        $lazy = DataFrame::fromColumns(['n' => range(1, 4000)])->lazy();
        for ($i = 0; $i < 14; $i += 1) {
            $lazy = $lazy->union($lazy);
        }
        return $lazy->sort(col('n')->desc());
    }

    /** Runs `$act`, which must fail with that kind, and gives what it threw. */
    protected static function assertFails(ErrorKind $kind, callable $act): PardoxException
    {
        try {
            $act();
        } catch (PardoxException $error) {
            self::assertSame($kind, $error->kind(), $error->getMessage());
            self::assertSame($kind->number(), $error->getCode());
            return $error;
        }
        self::fail("expected {$kind->value}, found no error");
    }

    /**
     * Runs PHP code, with the package loaded, in a process of its own.
     *
     * @return array{string, string, int} What it printed, what it complained of, its status.
     */
    protected static function runPhp(string $code, array $env = [], array $ini = []): array
    {
        $words = [PHP_BINARY];
        foreach ($ini as $name => $value) {
            $words[] = '-d';
            $words[] = "{$name}={$value}";
        }
        $autoload = var_export(dirname(__DIR__) . '/autoload.php', true);
        $words[] = '-r';
        $words[] = "declare(strict_types=1); require {$autoload}; {$code}";
        $pipes = [];
        $process = proc_open(
            $words,
            [1 => ['pipe', 'w'], 2 => ['pipe', 'w']],
            $pipes,
            null,
            $env + getenv()
        );
        self::assertIsResource($process);
        $out = (string) stream_get_contents($pipes[1]);
        $err = (string) stream_get_contents($pipes[2]);
        return [$out, $err, proc_close($process)];
    }
}

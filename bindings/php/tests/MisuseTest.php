<?php

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\DataFrame;
use Pardox\ErrorKind;
use Pardox\Exception\LibraryException;
use Pardox\Internal\Handle;
use Pardox\Internal\Library;
use Pardox\Internal\Native;

use function Pardox\col;

/** What a program may do wrong: an error in PHP's words, and the process lives. */
final class MisuseTest extends LibraryTestCase
{
    public function testAClosedFrameSaysSo(): void
    {
        $df = self::sales();
        $lazy = $df->lazy();
        $df->close();
        $df->close();
        $acts = [
            fn () => $df->shape(),
            fn () => $df->columns(),
            fn () => $df->column('price'),
            fn () => $df->toArray(),
            fn () => $df->display(),
            fn () => $df->filter('price > 1'),
            fn () => $lazy->collect(),
            fn () => self::sales()->union($df),
        ];
        foreach ($acts as $act) {
            self::assertFails(ErrorKind::ReleasedHandle, $act);
        }
    }

    public function testAColumnMayBeNamedZero(): void
    {
        $df = DataFrame::fromColumns(['price' => [1, 2]]);
        $df['0'] = $df['price'];
        $df['1'] = $df['price']->mul(2);
        self::assertSame(['price', '0', '1'], $df->columns());
        self::assertSame([2, 4], $df->column('1')->values());
    }

    public function testOneValueOfAParameterMayBeGivenTwice(): void
    {
        $lazy = self::sales()->lazy()->filter('price < :x', ['x' => NAN]);
        self::assertGreaterThan(0, $lazy->filter('price < :x', ['x' => NAN])->collect()->count());
        self::assertFails(ErrorKind::Parameter, fn () => $lazy->filter('price < :x', ['x' => 1]));
    }

    public function testAClosedColumnSaysSo(): void
    {
        $column = self::sales()->column('quantity');
        self::assertSame(2, $column[0]);
        $column->close();
        $column->close();
        self::assertFails(ErrorKind::ReleasedHandle, fn () => $column->values());
        self::assertFails(ErrorKind::ReleasedHandle, fn () => $column[0]);
        self::assertFails(ErrorKind::ReleasedHandle, fn () => $column->view());
    }

    public function testNothingNativeIsClonedOrSerialised(): void
    {
        $df = self::sales();
        $column = $df->column('price');
        foreach ([$df, $column] as $object) {
            try {
                clone $object;
                self::fail('expected no clone of ' . get_debug_type($object));
            } catch (\Error $error) {
                self::assertStringContainsString('__clone', $error->getMessage());
            }
            self::assertFails(ErrorKind::InvalidArgument, fn () => serialize($object));
        }
    }

    public function testArgumentsOfAWrongTypeAreTypeErrors(): void
    {
        $df = self::sales();
        $acts = [
            fn () => $df->head('3'),
            fn () => $df->filter(null),
            fn () => $df->select(3),
            fn () => $df->union(3),
            fn () => col('a')->round(new \stdClass()),
            fn () => DataFrame::readCsv(3),
            fn () => $df->column(0),
        ];
        foreach ($acts as $act) {
            try {
                $act();
                self::fail('expected a TypeError, found no error');
            } catch (\TypeError) {
                self::assertTrue(true);
            }
        }
    }

    public function testHandlesOfNothingAndOfOtherKindsAreRefused(): void
    {
        $native = Library::native();
        self::assertFails(ErrorKind::InvalidHandle, fn () => $native->frameShape(0));
        self::assertFails(ErrorKind::InvalidHandle, fn () => $native->frameShape(12_345));
        self::assertFails(ErrorKind::InvalidHandle, fn () => $native->frameShape(-1));
        $plan = new Handle($native, $native->libraryVersion());
        self::assertFails(ErrorKind::InvalidHandle, fn () => $native->frameShape($plan->value()));
    }

    public function testTextThatIsNoUtf8IsRefused(): void
    {
        $df = self::sales();
        self::assertFails(ErrorKind::InvalidUtf8, fn () => $df->filter("region = '\xff'"));
        self::assertFails(ErrorKind::InvalidUtf8, fn () => $df->select("\xff"));
        $params = ['p' => "\xff"];
        self::assertFails(ErrorKind::InvalidUtf8, fn () => $df->filter('price > :p', $params));
    }

    public function testTextThatIsTooLongIsRefused(): void
    {
        $act = fn () => self::sales()->filter('price > 1' . str_repeat(' ', 2 << 20));
        self::assertFails(ErrorKind::LimitExceeded, $act);
    }

    public function testADefectOfTheEngineIsAnException(): void
    {
        $native = Library::native();
        self::assertFails(ErrorKind::Internal, fn () => $native->injectPanic(false));
        self::assertFails(ErrorKind::Internal, fn () => $native->injectPanic(true));
        self::assertCount(4, self::sales());
    }

    public function testWorkIsCancelledBeforeDuringAndAfter(): void
    {
        $lazy = self::slow();
        $start = microtime(true);
        $stop = static fn () => false;
        self::assertFails(ErrorKind::Cancelled, fn () => $lazy->collect(onProgress: $stop));
        self::assertLessThan(2.0, microtime(true) - $start);
        // A listener that throws cancels too, and its own exception is what comes out.
        try {
            $lazy->collect(onProgress: static fn () => throw new \DomainException('enough'));
            self::fail('expected the exception of the listener');
        } catch (\DomainException $error) {
            self::assertSame('enough', $error->getMessage());
        }
        unset($lazy, $error);
        $native = Library::native();
        $plan = new Handle($native, $native->planParse(
            '{"schema":1,"engine":"0.1","plan":{"values":{"columns":'
            . '[{"name":"a","dtype":"int64","values":["1"]}]}}}'
        ));
        $done = new Handle($native, $native->collect($plan->value(), [], '', ''));
        self::assertSame(Native::STATE_DONE, $native->operationWait($done->value(), -1));
        $native->operationCancel($done->value());
        $frame = new Handle($native, $native->operationResult($done->value()));
        self::assertSame([1, 1], $native->frameShape($frame->value()));
    }

    public function testASignalHandlerRunsWhileWorkRunsAndMayStopIt(): void
    {
        [$out, $err, $status] = self::runPhp(self::SLOW . '
            pcntl_async_signals(true);
            pcntl_signal(SIGALRM, static fn () => throw new \RuntimeException("alarm"));
            pcntl_alarm(1);
            $start = microtime(true);
            try {
                $lazy->collect();
                echo "done ";
            } catch (\RuntimeException $e) {
                echo $e->getMessage();
            }
            if (microtime(true) - $start > 2.0) { echo " late"; }
            unset($lazy, $e);
            gc_collect_cycles();
            usleep(500_000);
            echo " ", \Pardox\Internal\Library::native()->live()[0];');
        self::assertSame(['alarm 0', '', 0], [$out, $err, $status]);
    }

    public function testATimeLimitEndsTheWorkAndGivesItBack(): void
    {
        [$out, , $status] = self::runPhp(self::SLOW . '
            register_shutdown_function(static function (): void {
                usleep(500_000);
                echo "left ", \Pardox\Internal\Library::native()->live()[0];
            });
            set_time_limit(1);
            while (true) { $lazy->collect(); }', [], ['display_errors' => '0']);
        self::assertSame(['left 0', 255], [$out, $status]);
    }

    public function testAForkedChildIsToldAndItsParentGoesOn(): void
    {
        [$out, $err, $status] = self::runPhp('
            $df = \Pardox\DataFrame::fromColumns(["n" => [1, 2]]);
            $child = pcntl_fork();
            if ($child === 0) {
                try { $df->shape(); } catch (\Pardox\Exception\StateException $e) {
                    echo $e->kind()->value, "\n";
                }
                $df->close();
                exit(0);
            }
            pcntl_waitpid($child, $state);
            echo count($df), pcntl_wexitstatus($state);');
        self::assertSame(["forked\n20", '', 0], [$out, $err, $status]);
    }

    public function testChildrenForkedBeforeTheFirstWorkHaveALibraryOfTheirOwn(): void
    {
        [$out, $err, $status] = self::runPhp('
            \Pardox\Internal\Library::native();
            for ($i = 0; $i < 2; $i += 1) {
                if (pcntl_fork() === 0) {
                    echo count(\Pardox\DataFrame::fromColumns(["n" => [1, 2]])->filter("n > 1"));
                    exit(0);
                }
            }
            while (pcntl_wait($state) > 0) { echo pcntl_wexitstatus($state); }');
        self::assertSame(['', 0], [$err, $status]);
        self::assertSame('0011', implode('', self::sorted($out)));
    }

    /** @return list<string> */
    private static function sorted(string $text): array
    {
        $letters = str_split($text);
        sort($letters);
        return $letters;
    }

    public function testAfterShutdownEveryCallIsRefusedAndTheProcessEndsWell(): void
    {
        [$out, $err, $status] = self::runPhp('
            $df = \Pardox\DataFrame::fromColumns(["n" => [1, 2]]);
            $view = $df->column("n")->view();
            \Pardox\shutdown();
            \Pardox\shutdown();
            try { $df->shape(); } catch (\Pardox\Exception\StateException $e) {
                echo $e->kind()->value;
            }
            echo $view[1];');
        self::assertSame(['shut_down2', '', 0], [$out, $err, $status]);
    }

    public function testAProcessMayEndWhileWorkRuns(): void
    {
        [$out, $err, $status] = self::runPhp(self::SLOW . '
            $lazy->collect(onProgress: static function (): void { echo "bye"; exit(3); });');
        self::assertSame(['bye', '', 3], [$out, $err, $status]);
    }

    public function testALibraryThatIsNotThereIsLookedForInWords(): void
    {
        [$out] = self::runPhp(self::tryVersion(), ['PARDOX_LIBRARY' => '/nowhere/libpardox.so']);
        self::assertStringContainsString('not_found: the native library is not at /nowhere', $out);
        self::assertStringContainsString('PARDOX_LIBRARY', $out);
        [$out] = self::runPhp(self::tryVersion(), ['PARDOX_LIBRARY' => __FILE__]);
        self::assertStringContainsString('unsupported: the native library at', $out);
    }

    public function testWithoutFfiTheReasonIsSaid(): void
    {
        [$out] = self::runPhp(self::tryVersion(), [], ['ffi.enable' => 'false']);
        self::assertStringContainsString('ffi.enable', $out);
    }

    public function testAnOlderAndANewerLibraryAreToldApart(): void
    {
        $folder = sys_get_temp_dir() . '/pardox-php-' . bin2hex(random_bytes(6));
        mkdir($folder);
        $names = [];
        preg_match_all('/\b(pardox_\w+)\(/', Native::HEADER, $names);
        try {
            $old = self::compile($folder, 'old', 'int pardox_abi_version(void) { return 0; }');
            [$out] = self::runPhp(self::tryVersion(), ['PARDOX_LIBRARY' => $old]);
            self::assertStringContainsString('is older than this package', $out);

            // All symbols, but the surface is another one: `satisfied` stays 0.
            $text = '';
            foreach ($names[1] as $name) {
                $text .= "int {$name}(void) { return 0; }\n";
            }
            $new = self::compile($folder, 'new', $text);
            [$out] = self::runPhp(self::tryVersion(), ['PARDOX_LIBRARY' => $new]);
            self::assertStringContainsString('unsupported_version: the native library at', $out);
            self::assertStringContainsString('is not one that this package was made for', $out);
        } finally {
            array_map('unlink', glob("{$folder}/*") ?: []);
            rmdir($folder);
        }
    }

    private static function tryVersion(): string
    {
        return 'try { echo \Pardox\version(); } catch (' . LibraryException::class . ' $e) {'
            . ' echo $e->kind()->value, ": ", $e->getMessage(); }';
    }

    private static function compile(string $folder, string $name, string $text): string
    {
        file_put_contents("{$folder}/{$name}.c", "{$text}\n");
        $library = "{$folder}/{$name}.so";
        exec("cc -shared -fPIC -o {$library} {$folder}/{$name}.c 2>&1", $lines, $status);
        self::assertSame(0, $status, implode("\n", $lines));
        return $library;
    }
}

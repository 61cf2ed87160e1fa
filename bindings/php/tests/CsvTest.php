<?php

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\DataFrame;
use Pardox\ErrorKind;
use Pardox\Exception\PardoxException;
use Pardox\LazyFrame;
use Pardox\Option;

/** CSV from several files and from streams, what a file seems to be, and what was set aside. */
final class CsvTest extends LibraryTestCase
{
    private string $folder;

    protected function setUp(): void
    {
        parent::setUp();
        $this->folder = sys_get_temp_dir() . '/pardox-php-' . bin2hex(random_bytes(8));
        mkdir($this->folder);
    }

    protected function tearDown(): void
    {
        array_map(unlink(...), glob("{$this->folder}/*"));
        rmdir($this->folder);
        parent::tearDown();
    }

    private function file(string $name, string $text): string
    {
        file_put_contents("{$this->folder}/{$name}", $text);
        return "{$this->folder}/{$name}";
    }

    private static function refused(callable $work, ErrorKind $kind): void
    {
        try {
            $work();
        } catch (PardoxException $error) {
            self::assertSame($kind, $error->kind(), $error->getMessage());
            return;
        }
        self::fail("expected {$kind->value}, found no error");
    }

    private static function total(DataFrame $df): int
    {
        return array_sum(array_column($df->toArray(), 'n'));
    }

    public function testFilesAreCounted(): void
    {
        $path = $this->file('a.csv', "n,t\n1,\"a\nb\"\n2,c\n");
        self::assertSame(2, DataFrame::countCsv($path));
        self::assertSame(3, DataFrame::countCsv($path, header: false));
        self::assertSame(4, DataFrame::countCsv([$path, $path]));
        self::refused(fn () => DataFrame::countCsv("{$path}.not"), ErrorKind::NotFound);
    }

    public function testSeveralFilesAndPatternsAreOneTable(): void
    {
        $one = $this->file('part-1.csv', "n\n1\n");
        $two = $this->file('part-2.csv', "n\n20\n");
        self::assertSame(21, self::total(DataFrame::readCsv([$two, $one])));
        self::assertSame(21, self::total(DataFrame::readCsv("{$this->folder}/part-?.csv")));
        $rows = LazyFrame::scanCsv([$two, $one], fileColumn: 'file')->collect()->toArray();
        self::assertSame([$two, $one], array_column($rows, 'file'));
        self::refused(fn () => DataFrame::readCsv([$one, 7]), ErrorKind::InvalidArgument);
    }

    public function testEveryKindOfStreamIsRead(): void
    {
        $path = $this->file('a.csv', "n\n1\n2\n");
        $stream = fopen($path, 'rb');
        self::assertSame(3, self::total(DataFrame::readCsvStream($stream)));
        self::assertIsResource($stream);
        self::refused(fn () => DataFrame::readCsvStream($stream), ErrorKind::EmptyInput);
        fclose($stream);
        self::refused(fn () => DataFrame::readCsvStream($stream), ErrorKind::InvalidArgument);
        self::assertSame(3, self::total(DataFrame::readCsvStream("n\n1\n2\n")));
        self::assertSame(2, DataFrame::countCsvStream("n\n1\n2\n"));
        self::assertSame(3, DataFrame::countCsvStream(gzencode("n\n1\n2\n"), header: false));
        self::refused(fn () => DataFrame::countCsvStream("a\n\"1\n"), ErrorKind::UnterminatedQuote);
        self::assertSame(3, self::total(DataFrame::readCsvStream(gzencode("n\n1\n2\n"))));
        $pieces = static function (): iterable {
            yield "n\n1";
            yield '';
            yield "0\n";
        };
        self::assertSame(10, self::total(DataFrame::readCsvStream($pieces())));
        $memory = fopen('php://memory', 'w+b');
        fwrite($memory, "n;t\n1;x\n");
        rewind($memory);
        $df = DataFrame::readCsvStream($memory, delimiter: ';');
        self::assertSame(['n', 't'], $df->columns());
        self::refused(fn () => DataFrame::readCsvStream(7), ErrorKind::InvalidArgument);
        self::refused(fn () => DataFrame::readCsvStream([7]), ErrorKind::InvalidArgument);
    }

    public function testStandardInputIsRead(): void
    {
        $autoload = var_export(\dirname(__DIR__) . '/autoload.php', true);
        $code = "require {$autoload};"
            . 'echo json_encode(Pardox\DataFrame::readCsvStream(fopen("php://stdin", "rb")));';
        $pipes = [];
        $process = proc_open(
            [PHP_BINARY, '-r', $code],
            [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']],
            $pipes
        );
        fwrite($pipes[0], "a,b\n1,2\n");
        fclose($pipes[0]);
        self::assertSame('[{"a":1,"b":2}]', stream_get_contents($pipes[1]));
        fclose($pipes[1]);
        fclose($pipes[2]);
        self::assertSame(0, proc_close($process));
    }

    public function testAStreamThatFailsFailsTheReadWithItsOwnError(): void
    {
        $failing = static function (): iterable {
            yield "n\n1\n";
            throw new \DomainException('the line went dead');
        };
        $this->expectException(\DomainException::class);
        $this->expectExceptionMessage('the line went dead');
        DataFrame::readCsvStream($failing());
    }

    public function testAStreamIsAskedOnceAndBytesAgain(): void
    {
        $again = LazyFrame::scanCsvStream("n\n1\n2\n")->filter('n > 1');
        self::assertCount(1, $again->collect());
        self::assertCount(1, $again->collect());
        $stream = fopen($this->file('a.csv', "n\n1\n2\n"), 'rb');
        $once = LazyFrame::scanCsvStream($stream)->filter('n > 1');
        self::refused(fn () => $once->explain(), ErrorKind::InvalidArgument);
        self::assertCount(1, $once->collect());
        self::refused(fn () => $once->collect(), ErrorKind::InvalidArgument);
        fclose($stream);
    }

    public function testWhatIsSniffedGoesBackAsOptions(): void
    {
        $path = $this->file('a.csv', "a;b\n1,5;x\n2,5;y\n");
        $found = DataFrame::sniffCsv($path);
        self::assertSame(';', $found->options['delimiter']);
        self::assertSame(2, $found->columns);
        self::assertSame(['a', 'b'], DataFrame::readCsv($path, ...$found->options)->columns());
        $known = DataFrame::sniffCsv($path, delimiter: ',', nullValues: ['-']);
        self::assertSame(',', $known->options['delimiter']);
        self::assertSame(['-'], $known->options['nullValues']);
        self::assertCount(2, DataFrame::readCsv($path, dialect: 'sniff')->columns());
        $given = DataFrame::readCsv($path, delimiter: '|', dialect: 'sniff');
        self::assertCount(1, $given->columns());
        $open = DataFrame::readCsv($path, delimiter: Option::Default, dialect: 'sniff');
        self::assertCount(2, $open->columns());
    }

    public function testWhatWasSetAsideComesWithTheFrame(): void
    {
        $clean = DataFrame::readCsvStream("a\n1\n");
        self::assertNull($clean->quarantine());
        self::assertNull($clean->faults());
        $df = DataFrame::readCsvStream("a,b\n1,2\n3\n4,5\n", onShort: 'quarantine');
        self::assertCount(2, $df);
        [$row] = $df->quarantine()->toArray();
        $found = [$row['record'], $row['raw'], $row['reason']];
        self::assertSame([2, '3', 'field_count'], $found);
        self::assertSame(
            [['reason' => 'field_count', 'action' => 'quarantine', 'rows' => 1]],
            $df->faults()->toArray()
        );
    }
}

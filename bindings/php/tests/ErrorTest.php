<?php

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\DataFrame;
use Pardox\ErrorKind;
use Pardox\Exception\DataException;
use Pardox\Exception\FileException;
use Pardox\Exception\InvalidArgumentException;
use Pardox\Exception\PardoxException;
use Pardox\Exception\QueryException;
use Pardox\Internal\Failure;

use function Pardox\col;

final class ErrorTest extends LibraryTestCase
{
    public function testEveryKindHasAClassAndItsNumber(): void
    {
        foreach (ErrorKind::cases() as $kind) {
            $error = Failure::make($kind, 'words');
            self::assertInstanceOf(PardoxException::class, $error);
            self::assertSame($kind, $error->kind());
            self::assertSame($kind, ErrorKind::fromNumber($error->getCode()));
        }
    }

    public function testAMissingFileIsNamed(): void
    {
        $read = fn () => DataFrame::readCsv('/nowhere/sales.csv');
        $error = self::assertFails(ErrorKind::NotFound, $read);
        self::assertInstanceOf(FileException::class, $error);
        self::assertInstanceOf(\RuntimeException::class, $error);
        self::assertSame('/nowhere/sales.csv', $error->details()->file);
        self::assertStringContainsString('/nowhere/sales.csv', $error->getMessage());
        self::assertFails(ErrorKind::IsDirectory, fn () => DataFrame::readCsv(__DIR__));
        self::assertFails(ErrorKind::NotFound, fn () => DataFrame::readPrdx('/nowhere/x.prdx'));
    }

    public function testARecordWithTooFewFieldsHasItsPlace(): void
    {
        $path = (string) tempnam(sys_get_temp_dir(), 'pardox');
        file_put_contents($path, "a,b\n1,2\n3\n");
        try {
            $error = self::assertFails(ErrorKind::FieldCount, fn () => DataFrame::readCsv($path));
        } finally {
            unlink($path);
        }
        self::assertInstanceOf(DataException::class, $error);
        $details = $error->details();
        self::assertSame([$path, 2, 3], [$details->file, $details->record, $details->line]);
        self::assertNotNull($details->byteOffset);
        self::assertNotNull($details->expected);
        self::assertNotNull($details->found);
    }

    public function testAnUnknownColumnSuggestsTheNearest(): void
    {
        $df = self::sales();
        $acts = [
            fn () => $df->select('prise'),
            fn () => $df->filter('prise > 1'),
            fn () => $df->column('prise'),
            fn () => $df['prise'],
        ];
        foreach ($acts as $act) {
            $error = self::assertFails(ErrorKind::UnknownColumn, $act);
            self::assertInstanceOf(QueryException::class, $error);
            self::assertStringContainsString('price', (string) $error->details()->hint);
        }
    }

    public function testOptionsAreCheckedByTheEngine(): void
    {
        $df = self::sales();
        $bad = fn () => $df->join($df, on: 'region', how: 'lefft');
        $error = self::assertFails(ErrorKind::InvalidPlan, $bad);
        self::assertStringContainsString('left', $error->getMessage());
        $threads = fn () => $df->lazy()->collect(threads: 100_000);
        self::assertFails(ErrorKind::InvalidOption, $threads);
        self::assertFails(ErrorKind::InvalidOption, fn () => $df->display(width: -1));
        $this->expectException(\Error::class);
        $this->expectExceptionMessage('delimeter');
        DataFrame::readCsv('x.csv', delimeter: ';');
    }

    public function testNothingIsHalfWritten(): void
    {
        $folder = sys_get_temp_dir() . '/pardox-php-' . bin2hex(random_bytes(6));
        $path = "{$folder}/x.csv";
        $error = self::assertFails(ErrorKind::NotFound, fn () => self::sales()->toCsv($path));
        self::assertSame($path, $error->details()->file);
        mkdir($folder);
        $lazy = self::sales()->lazy()->select(x: col('quantity')->floordiv(0));
        self::assertFails(ErrorKind::DivisionByZero, fn () => $lazy->toCsv($path));
        self::assertSame([], glob("{$folder}/*"));
        rmdir($folder);
    }

    public function testAnArgumentIsASplExceptionToo(): void
    {
        $error = self::assertFails(ErrorKind::InvalidArgument, fn () => self::sales()->head(-1));
        self::assertInstanceOf(InvalidArgumentException::class, $error);
        self::assertInstanceOf(\InvalidArgumentException::class, $error);
    }
}

<?php

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\ErrorKind;
use Pardox\Exception\PardoxException;
use Pardox\Internal\Json;
use Pardox\Internal\Wire;
use Pardox\NullOrder;
use PHPUnit\Framework\TestCase;

use function Pardox\col;
use function Pardox\expr;
use function Pardox\lit;
use function Pardox\when;

/** What a user writes, as the plan document has it: nothing here needs the library. */
final class ExprTest extends TestCase
{
    /** @return iterable<string, array{string, mixed}> */
    public static function wires(): iterable
    {
        yield 'column' => ['{"col":"a"}', col('a')->wire];
        yield 'call' => [
            '{"call":{"function":"gt","args":[{"col":"a"},{"lit":{"int64":"3"}}]}}',
            col('a')->gt(3)->wire,
        ];
        yield 'a text operand is a value' => [
            '{"call":{"function":"eq","args":[{"col":"a"},{"lit":{"utf8":"x"}}]}}',
            col('a')->eq('x')->wire,
        ];
        yield 'a text condition is the second door' => [
            '{"call":{"function":"and","args":[{"col":"a"},{"text":"b > 1"}]}}',
            col('a')->and('b > 1')->wire,
        ];
        yield 'case' => [
            '{"case":{"otherwise":{"lit":"null"},"branches":['
                . '{"when":{"text":"a > 1"},"then":{"lit":{"utf8":"big"}}},'
                . '{"when":{"col":"b"},"then":{"col":"c"}}]}}',
            when('a > 1', 'big')->when(col('b'), col('c'))->otherwise(null)->wire,
        ];
        yield 'floats are text' => ['{"float64":"0.1"}', Wire::literal(0.1)];
        yield 'minus zero' => ['{"float64":"-0.0"}', Wire::literal(-0.0)];
        yield 'not a number' => ['{"float64":"NaN"}', Wire::literal(NAN)];
        yield 'infinite' => ['{"float64":"-inf"}', Wire::literal(-INF)];
        yield 'smallest int' => ['{"int64":"-9223372036854775808"}', Wire::literal(PHP_INT_MIN)];
        yield 'a moment' => [
            '{"timestamp":"2026-11-22T10:30:00.000001"}',
            Wire::literal(new \DateTimeImmutable('2026-11-22 10:30:00.000001')),
        ];
        yield 'join keys' => [
            '[{"left":"a","right":"a"},{"left":"b","right":"c"}]',
            Wire::joinKeys(['a', 'b' => 'c']),
        ];
        yield 'items' => [
            '[{"named":{"name":"a","expr":{"col":"a"}}},{"text":"b + 1 as c"},'
                . '{"named":{"name":"7","expr":{"text":"d"}}}]',
            Wire::items(['a', expr('b + 1 as c'), [7 => 'd']]),
        ];
        yield 'sort keys' => [
            '[{"key":{"expr":{"col":"a"},"descending":true,"nulls":"first"}},'
                . '{"key":{"expr":{"col":"b"},"descending":false,"nulls":"last"}}]',
            Wire::sortKeys(['a', col('b')->asc(NullOrder::Last)], true, 'first'),
        ];
        yield 'no types' => ['{}', Wire::columnTypes([])];
    }

    /** @dataProvider wires */
    public function testWhatIsWrittenBecomesTheDocument(string $expected, mixed $wire): void
    {
        self::assertJsonStringEqualsJsonString($expected, Json::encode($wire));
    }

    public function testFloatsKeepEveryBitWhateverTheSettingsAre(): void
    {
        $before = ini_set('serialize_precision', '5');
        try {
            foreach ([0.1 + 0.2, 1e300, 5e-324, 123456789.12345679] as $value) {
                self::assertSame($value, (float) Wire::literal($value)['float64']);
            }
        } finally {
            ini_set('serialize_precision', (string) $before);
        }
    }

    /** @return iterable<string, array{ErrorKind, callable}> */
    public static function mistakes(): iterable
    {
        $argument = ErrorKind::InvalidArgument;
        yield 'a number as an item' => [$argument, fn () => Wire::items([5])];
        yield 'no name' => [$argument, fn () => Wire::items([col('a')->add(1)])];
        yield 'an object as a value' => [$argument, fn () => col('a')->eq(new \stdClass())];
        yield 'a number as a question' => [$argument, fn () => Wire::items([['x' => 5]])];
        yield 'a number as a join key' => [$argument, fn () => Wire::joinKeys([5])];
        yield 'a negative count' => [$argument, fn () => Wire::whole(-1, 'count')];
        yield 'a number as an enum' => [$argument, fn () => Wire::enumText(5)];
        yield 'a text as an int' => [ErrorKind::BadValue, fn () => lit('x', 'int64')];
        yield 'an int that no float is' => [
            ErrorKind::BadValue,
            fn () => lit(PHP_INT_MAX, 'float64'),
        ];
        yield 'columns of two types' => [
            ErrorKind::TypeMismatch,
            fn () => Wire::columnValues(['a' => [1, 'x']], []),
        ];
        yield 'a type of no column' => [
            ErrorKind::UnknownColumn,
            fn () => Wire::columnValues(['a' => [1]], ['b' => 'int64']),
        ];
        yield 'bytes that are no text' => [
            ErrorKind::InvalidUtf8,
            fn () => Json::encode(lit("\xff")->wire),
        ];
    }

    /** @dataProvider mistakes */
    public function testWhatCannotBeMeantIsRefusedByItsKind(ErrorKind $kind, callable $act): void
    {
        try {
            $act();
        } catch (PardoxException $error) {
            self::assertSame($kind, $error->kind());
            return;
        } catch (\TypeError $error) {
            // The types of a signature refuse it before the binding does.
            self::assertSame(ErrorKind::InvalidArgument, $kind);
            return;
        }
        self::fail("expected {$kind->value}, found no error");
    }
}

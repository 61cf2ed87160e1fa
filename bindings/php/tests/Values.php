<?php

// Typed text of a plan document as the values that a user of PHP would type, and rows as the
// canonical text of the suite (docs/conformance.md).

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\DataFrame;
use Pardox\DataType;
use Pardox\Expr;

final class Values
{
    private const LEAST = -INF;

    /** A literal as an operand: a plain value where its type follows from it, else by `lit`. */
    public static function operand(string|array $literal): string|int|bool|Expr|null
    {
        if ($literal === 'null') {
            return null;
        }
        $dtype = array_key_first($literal);
        $value = self::value($dtype, $literal[$dtype]);
        $isPlain = in_array($dtype, ['utf8', 'int64', 'bool'], true);
        return $isPlain ? $value : \Pardox\lit($value, $dtype);
    }

    public static function literal(string|array $literal): Expr
    {
        $value = self::operand($literal);
        return $value instanceof Expr ? $value : \Pardox\lit($value);
    }

    /** Columns written out, as `fromColumns` takes them. */
    public static function columns(array $columns): array
    {
        $values = [];
        foreach ($columns as ['name' => $name, 'dtype' => $dtype, 'values' => $cells]) {
            $values[$name] = array_map(
                static fn (?string $cell) => $cell === null ? null : self::value($dtype, $cell),
                $cells
            );
        }
        return $values;
    }

    private static function value(string $dtype, string|bool $text): string|int|float|bool
    {
        return match (true) {
            is_bool($text) => $text,
            $dtype === 'bool' => $text === 'true',
            $dtype === 'uint64' && strlen($text) >= 19 => $text,
            preg_match('/^u?int\d+$/', $dtype) === 1 => self::whole($text),
            $dtype === 'float64' || $dtype === 'float32' => match ($text) {
                'NaN' => NAN,
                'inf' => INF,
                '-inf' => self::LEAST,
                default => (float) $text,
            },
            default => $text,
        };
    }

    private static function whole(string $text): int
    {
        if ((string) (int) $text !== $text) {
            throw new \LogicException("no int of PHP is {$text}");
        }
        return (int) $text;
    }

    /** @return array{schema: list<array{string, string}>, rows: list<list<?string>>} */
    public static function answer(DataFrame $frame): array
    {
        $schema = $frame->schema();
        $types = array_map(static fn ($one) => $one->dtype, $schema);
        $rows = [];
        foreach ($frame as $row) {
            $rows[] = array_map(self::text(...), array_values($row), $types);
        }
        return [
            'schema' => array_map(static fn ($one) => [$one->name, $one->dtypeName], $schema),
            'rows' => $rows,
        ];
    }

    private static function text(mixed $value, DataType $dtype): ?string
    {
        if ($value === null) {
            return null;
        }
        return match ($dtype) {
            DataType::Bool => $value ? 'true' : 'false',
            DataType::Float32 => is_nan($value) ? '7fc00000' : bin2hex(pack('G', $value)),
            DataType::Float64 => is_nan($value) ? '7ff8000000000000' : bin2hex(pack('E', $value)),
            DataType::Date => $value->format('Y-m-d'),
            DataType::Timestamp => $value->format('Y-m-d\TH:i:s.u'),
            default => (string) $value,
        };
    }
}

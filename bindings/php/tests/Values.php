<?php

// Typed text of a plan document as the values that a user of PHP would type, and rows as the
// canonical text of the suite (docs/conformance.md).

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\DataFrame;
use Pardox\DataType;
use Pardox\Expr;
use Pardox\Internal\Nested;

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
        if ($dtype === 'nested') {
            ['dtype' => $dtype, 'value' => $text] = $literal['nested'];
            return \Pardox\lit(self::value($dtype, $text), $dtype);
        }
        if ($dtype === 'typed') {
            return \Pardox\lit($literal['typed']['value'], $literal['typed']['dtype']);
        }
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

    private static function value(string $dtype, string|bool $text): mixed
    {
        return match (true) {
            is_bool($text) => $text,
            Nested::isNested($dtype) => self::nested(
                json_decode(self::quoted($text), true, 512, JSON_THROW_ON_ERROR),
                $dtype
            ),
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

    /** A list or a struct as a user types it, of the JSON that a plan holds. */
    private static function nested(mixed $held, string $dtype): mixed
    {
        if ($held === null) {
            return null;
        }
        if (str_starts_with($dtype, 'list(')) {
            $item = Nested::item($dtype);
            return array_map(static fn ($one) => self::nested($one, $item), $held);
        }
        if (str_starts_with($dtype, 'struct(')) {
            $values = [];
            foreach (Nested::fields($dtype) as $name => $inner) {
                $values[$name] = self::nested($held[$name] ?? null, $inner);
            }
            return $values;
        }
        return self::value($dtype, $held);
    }

    /** JSON text with its numbers as strings: a decimal is no number of PHP. */
    private static function quoted(string $text): string
    {
        $parts = '/"(?:[^"\\\\]|\\\\.)*"|-?\d[\d.eE+-]*/';
        return preg_replace_callback(
            $parts,
            static fn (array $found) => $found[0][0] === '"' ? $found[0] : "\"{$found[0]}\"",
            $text
        );
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
        $types = array_map(static fn ($one) => $one->dtypeName, $schema);
        $rows = [];
        foreach ($frame as $row) {
            $rows[] = array_map(self::cell(...), array_values($row), $types);
        }
        return [
            'schema' => array_map(static fn ($one) => [$one->name, $one->dtypeName], $schema),
            'rows' => $rows,
        ];
    }

    private static function cell(mixed $value, string $dtype): ?string
    {
        return $value !== null && Nested::isNested($dtype)
            ? json_encode(
                self::nestedCell($value, $dtype),
                JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES
                    | JSON_UNESCAPED_LINE_TERMINATORS
            )
            : self::text($value, $dtype);
    }

    /** Lists as they are, structs as lists of their fields, each value in canonical form. */
    private static function nestedCell(mixed $value, string $dtype): mixed
    {
        if ($value === null) {
            return null;
        }
        if (str_starts_with($dtype, 'list(')) {
            $item = Nested::item($dtype);
            return array_map(static fn ($one) => self::nestedCell($one, $item), $value);
        }
        if (str_starts_with($dtype, 'struct(')) {
            $fields = Nested::fields($dtype);
            $cells = array_map(
                static fn ($name, $inner) => self::nestedCell($value[$name], $inner),
                array_keys($fields),
                $fields
            );
            return $cells;
        }
        return self::cell($value, $dtype);
    }

    private static function text(mixed $value, string $dtype): ?string
    {
        if ($value === null) {
            return null;
        }
        return match (DataType::from(explode('(', $dtype)[0])) {
            DataType::Bool => $value ? 'true' : 'false',
            DataType::Float32 => is_nan($value) ? '7fc00000' : bin2hex(pack('G', $value)),
            DataType::Float64 => is_nan($value) ? '7ff8000000000000' : bin2hex(pack('E', $value)),
            DataType::Date => $value->format('Y-m-d'),
            DataType::Timestamp => self::moment($value, $dtype),
            default => (string) $value,
        };
    }

    /** A moment with the digits of its unit, in UTC where it has a zone. */
    private static function moment(\DateTimeImmutable $value, string $dtype): string
    {
        preg_match('/^timestamp(?:\(([mun]?s)(,.+)?\))?$/', $dtype, $found);
        $text = $value->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s');
        $micros = $value->format('u');
        return $text . match ($found[1] ?? 'us') {
            's' => '',
            'ms' => '.' . substr($micros, 0, 3),
            'ns' => ".{$micros}000",
            default => ".{$micros}",
        } . (isset($found[2]) ? 'Z' : '');
    }
}

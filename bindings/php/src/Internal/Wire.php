<?php

// What a user gives becomes plain values of the plan document: one function for each kind.
//
//   where a column is named    text is the column's name      selector, items, sortKeys
//   where a question is asked  text is the second door        expression
//   where a value stands       text is a value                operand
//
// What cannot be meant is refused here, before the engine sees it, in the engine's own kinds.
// A frame stands in a plan as its Handle; Run puts its position there.

declare(strict_types=1);

namespace Pardox\Internal;

use Pardox\DataFrame;
use Pardox\DataType;
use Pardox\ErrorKind;
use Pardox\Expr;
use Pardox\LazyFrame;
use Pardox\Option;
use Pardox\NullOrder;
use Pardox\SortKey;

/** @internal */
final class Wire
{
    /** A question: an expression, or text of the second door. */
    public static function expression(mixed $value): array
    {
        if ($value instanceof Expr) {
            return $value->wire;
        }
        if (is_string($value)) {
            return ['text' => $value];
        }
        throw Failure::argument('expected an expression or text, found ' . self::describe($value)
            . '; lit() makes an expression of a value');
    }

    /** An operand: an expression, or a value that stands for itself. */
    public static function operand(mixed $value): array
    {
        return $value instanceof Expr ? $value->wire : ['lit' => self::literal($value)];
    }

    /** @return list<array> */
    public static function operands(array $values): array
    {
        return array_map(self::operand(...), array_values($values));
    }

    /** A column by name, or an expression. */
    public static function selector(mixed $value): array
    {
        if ($value instanceof Expr) {
            return $value->wire;
        }
        if (is_string($value)) {
            return ['col' => $value];
        }
        throw Failure::argument("expected a column's name or an expression, found "
            . self::describe($value));
    }

    /**
     * Columns of a result: names, expressions, arrays of names with their expressions, and named
     * arguments, which arrive under their names.
     *
     * @return list<array>
     */
    public static function items(array $values): array
    {
        $items = [];
        foreach (self::entries($values) as [$name, $value]) {
            if ($name === null && is_array($value)) {
                foreach (self::entries($value) as [$inner, $one]) {
                    $items[] = self::item($inner, $one);
                }
            } else {
                $items[] = self::item($name, $value);
            }
        }
        return $items;
    }

    /**
     * Keys that count up from 0 are positions; any other is a name, also one of digits alone,
     * which PHP turns into an int.
     *
     * @return \Generator<int, array{?string, mixed}>
     */
    private static function entries(array $values): \Generator
    {
        $position = 0;
        foreach ($values as $key => $value) {
            if ($key === $position) {
                $position += 1;
                yield [null, $value];
            } else {
                yield [(string) $key, $value];
            }
        }
    }

    private static function item(?string $name, mixed $value): array
    {
        if ($name !== null) {
            return self::named($name, self::expression($value));
        }
        if (is_string($value)) {
            return self::named($value, ['col' => $value]);
        }
        if (!$value instanceof Expr) {
            throw Failure::argument("expected a column's name, an expression or an array of them, "
                . 'found ' . self::describe($value));
        }
        $own = $value->name ?? $value->wire['col'] ?? null;
        if (is_string($own)) {
            return self::named($own, $value->wire);
        }
        if (is_string($value->wire['text'] ?? null)) {
            return ['text' => $value->wire['text']];
        }
        throw Failure::argument('the expression has no name; give it one, as in '
            . "['total' => ...] or ->alias('total')");
    }

    private static function named(string $name, array $expr): array
    {
        return ['named' => ['name' => $name, 'expr' => $expr]];
    }

    /**
     * What to order by; direction and nulls hold for keys that do not say it themselves.
     *
     * @return list<array>
     */
    public static function sortKeys(
        mixed $by,
        bool $descending = false,
        NullOrder|string $nulls = NullOrder::Last
    ): array {
        $keys = is_array($by) ? array_values($by) : [$by];
        $isPlain = !$descending && self::enumText($nulls) === NullOrder::Last->value;
        return array_map(static function (mixed $key) use ($descending, $nulls, $isPlain): array {
            if ($key instanceof SortKey) {
                return ['key' => [
                    'expr' => self::selector($key->expr),
                    'descending' => $key->descending ?? $descending,
                    'nulls' => self::enumText($key->nulls ?? $nulls),
                ]];
            }
            $text = $key instanceof Expr ? $key->wire['text'] ?? null : null;
            if ($text === null) {
                return ['key' => [
                    'expr' => self::selector($key),
                    'descending' => $descending,
                    'nulls' => self::enumText($nulls),
                ]];
            }
            if ($isPlain) {
                return ['text' => $text];
            }
            throw Failure::argument("the text \"{$text}\" says its directions itself; leave "
                . 'descending and nulls out');
        }, $keys);
    }

    /**
     * Columns that must be equal: a name, names, or `['left' => 'right']`.
     *
     * @return list<array>
     */
    public static function joinKeys(mixed $on): array
    {
        $keys = [];
        foreach (self::entries(is_array($on) ? $on : [$on]) as [$left, $right]) {
            if (!is_string($right)) {
                throw Failure::argument('expected names of columns to join on, found '
                    . self::describe($right));
            }
            $keys[] = ['left' => $left ?? $right, 'right' => $right];
        }
        return $keys;
    }

    /** @return list<array> */
    public static function renamings(array $columns): array
    {
        $renamings = [];
        foreach ($columns as $from => $to) {
            if (!is_string($to)) {
                throw Failure::argument("expected a new name for {$from}, found "
                    . self::describe($to));
            }
            $renamings[] = ['from' => (string) $from, 'to' => $to];
        }
        return $renamings;
    }

    /** Types by column name, as an object of JSON. */
    public static function columnTypes(array $types): object
    {
        return (object) array_map(self::enumText(...), $types);
    }

    /** @return list<string> */
    public static function texts(array $values, string $name): array
    {
        foreach ($values as $value) {
            if (!is_string($value)) {
                throw Failure::argument("expected texts for {$name}, found "
                    . self::describe($value));
            }
        }
        return array_values($values);
    }

    /**
     * Where CSV text comes from: one of the fields that say it.
     *
     * @param string|list<string> $path
     * @return array<string, mixed>
     */
    public static function source(string|array $path): array
    {
        return is_string($path) ? ['path' => $path] : ['paths' => self::texts($path, 'path')];
    }

    /** A stream as the feed that it is written to. */
    public static function stream(mixed $stream): Feed
    {
        return new Feed($stream);
    }

    /** The options that are given; an object, also where there are none. */
    public static function given(array $options): object
    {
        return (object) array_filter($options, static fn (mixed $one) => $one !== Option::Default);
    }

    /** The plan of another frame. */
    public static function frame(mixed $value): array
    {
        if ($value instanceof DataFrame || $value instanceof LazyFrame) {
            return $value->plan();
        }
        throw Failure::argument('expected a frame, found ' . self::describe($value));
    }

    /** Frames by name, as an object of JSON. */
    public static function tables(array $values): object
    {
        return (object) array_map(self::frame(...), $values);
    }

    /** A whole number that is not negative. */
    public static function whole(int $value, string $name): int
    {
        if ($value >= 0) {
            return $value;
        }
        throw Failure::argument("expected a whole number from 0 for {$name}, found {$value}");
    }

    /** The text of an enum, or text that the engine checks. */
    public static function enumText(mixed $value): string
    {
        if ($value instanceof \BackedEnum) {
            return (string) $value->value;
        }
        if (is_string($value)) {
            return $value;
        }
        throw Failure::argument('expected a value of an enum or its text, found '
            . self::describe($value));
    }

    /**
     * Values of parameters by name, as an object of JSON; empty text where there are none. A value
     * may come from `lit`, which says its type.
     */
    public static function params(array $params): string
    {
        if ($params === []) {
            return '';
        }
        return Json::encode((object) array_map(self::param(...), $params));
    }

    /** The value of a parameter, as the plan has it. */
    public static function param(mixed $value): string|array
    {
        return $value instanceof Expr && isset($value->wire['lit'])
            ? $value->wire['lit']
            : self::literal($value);
    }

    /**
     * Columns written out, with types that follow from their values where `$types` does not say.
     *
     * @return list<array>
     */
    public static function columnValues(array $columns, array $types): array
    {
        foreach (array_keys($types) as $name) {
            if (!array_key_exists($name, $columns)) {
                throw Failure::make(
                    ErrorKind::UnknownColumn,
                    "the schema names {$name}, which has no values"
                );
            }
        }
        $wire = [];
        foreach ($columns as $name => $values) {
            if (!is_array($values)) {
                throw Failure::argument("expected a list of values for column {$name}, found "
                    . self::describe($values));
            }
            $dtype = isset($types[$name])
                ? self::enumText($types[$name])
                : self::typeOf($values, $name);
            $cells = [];
            foreach ($values as $value) {
                $cells[] = $value === null ? null : self::cell($value, $dtype, "column {$name}: ");
            }
            $wire[] = ['name' => (string) $name, 'dtype' => $dtype, 'values' => $cells];
        }
        return $wire;
    }

    /**
     * The one type of some values; ints beside floats are float64, arrays are lists or, with names,
     * structs of what they hold.
     */
    private static function typeOf(array $values, string|int $name): string
    {
        $arrays = array_filter($values, is_array(...));
        if ($arrays !== [] && count($arrays) === count(array_filter($values, static fn ($one) => $one !== null))) {
            return self::nestedType($arrays, $name);
        }
        $found = [];
        foreach ($values as $value) {
            if ($value !== null) {
                $found[self::kindOf($value)] = true;
            }
        }
        if (count($found) === 2 && isset($found['int64'], $found['float64'])) {
            return DataType::Float64->value;
        }
        if (count($found) > 1) {
            throw Failure::make(ErrorKind::TypeMismatch, "column {$name} holds "
                . implode(' and ', array_keys($found)) . '; name its type in schema');
        }
        return array_key_first($found) ?? DataType::Utf8->value;
    }

    /** @param array<array> $arrays */
    private static function nestedType(array $arrays, string|int $name): string
    {
        $lists = array_filter($arrays, array_is_list(...));
        if (count($lists) === count($arrays)) {
            $items = array_merge(...array_values($arrays));
            if (array_filter($items, static fn ($one) => $one !== null) === []) {
                throw Failure::make(ErrorKind::TypeMismatch, "the lists of column {$name} hold no "
                    . 'value; name its type in schema');
            }
            return 'list(' . self::typeOf($items, $name) . ')';
        }
        if ($lists !== []) {
            throw Failure::make(ErrorKind::TypeMismatch, "column {$name} holds lists and structs; "
                . 'name its type in schema');
        }
        $fields = [];
        foreach ($arrays as $array) {
            foreach ($array as $field => $value) {
                $fields[$field][] = $value;
            }
        }
        $types = [];
        foreach ($fields as $field => $inner) {
            $types[$field] = self::typeOf($inner, "{$name}.{$field}");
        }
        return Nested::structType($types);
    }

    /** @return array{nested: array{dtype: string, value: string}} */
    private static function nestedLiteral(mixed $value, string $dtype, string $where): array
    {
        $leaf = static function (mixed $one, string $inner) use ($where): string|bool|null {
            $literal = self::literal($one, $inner, $where);
            return is_array($literal) ? array_values($literal)[0] : null;
        };
        $text = Json::encode(Nested::encode($value, $dtype, $leaf));
        return ['nested' => ['dtype' => $dtype, 'value' => $text]];
    }

    private static function cell(mixed $value, string $dtype, string $where): string
    {
        $text = array_values((array) self::literal($value, $dtype, $where))[0];
        if (is_array($text)) {
            return $text['value'];
        }
        return is_bool($text) ? ($text ? 'true' : 'false') : $text;
    }

    /** A value as an expression; a decimal of given digits and a dictionary are casts of one. */
    public static function lit(mixed $value, ?string $dtype = null): array
    {
        $literal = ['lit' => self::literal($value, $dtype)];
        return $dtype === 'dictionary' || str_starts_with($dtype ?? '', 'decimal(')
            ? ['cast' => ['input' => $literal, 'to' => $dtype]]
            : $literal;
    }

    /**
     * A typed value of the document; without `$dtype` the type follows from the value.
     *
     * @return string|array<string, string|bool|array<string, string>>
     */
    public static function literal(
        mixed $value,
        ?string $dtype = null,
        string $where = ''
    ): string|array {
        if ($value === null) {
            return 'null';
        }
        $type = $dtype
            ?? (is_array($value) ? self::typeOf([$value], 'of the value') : self::kindOf($value));
        if (Nested::isNested($type)) {
            return self::nestedLiteral($value, $type, $where);
        }
        $isMoment = is_string($value) || $value instanceof \DateTimeInterface;
        return match (true) {
            $type === 'bool' && is_bool($value) => ['bool' => $value],
            $type === 'int64' && is_int($value) => ['int64' => (string) $value],
            ($type === 'float64' || $type === 'float32') && (is_float($value) || is_int($value)) =>
                [$type => self::floatText($value, $where)],
            // The engine knows the range of each type.
            preg_match('/^u?int(8|16|32|64)$/', $type) === 1 && is_int($value) =>
                [$type => (string) $value],
            $type === 'uint64' && is_string($value) && ctype_digit($value) => [$type => $value],
            $type === 'date' && $isMoment => ['date' => self::momentText($value, 'Y-m-d')],
            $type === 'timestamp' && $isMoment =>
                ['timestamp' => self::momentText($value, 'Y-m-d\TH:i:s.u')],
            str_starts_with($type, 'timestamp(') && $isMoment => ['typed' =>
                ['dtype' => $type, 'value' => Moments::text($value, $type)]],
            ($type === 'utf8' || $type === 'dictionary') && is_string($value) => ['utf8' => $value],
            str_starts_with($type, 'decimal') && (is_string($value) || is_int($value)) =>
                ['decimal' => (string) $value],
            default => throw Failure::make(
                ErrorKind::BadValue,
                "{$where}expected {$type}, found " . self::describe($value)
            ),
        };
    }

    private static function kindOf(mixed $value): string
    {
        return match (true) {
            is_string($value) => 'utf8',
            is_bool($value) => 'bool',
            is_int($value) => 'int64',
            is_float($value) => 'float64',
            $value instanceof \DateTimeInterface => 'timestamp',
            default => throw Failure::argument('expected text, int, float, bool, a DateTime or '
                . 'null, found ' . self::describe($value)),
        };
    }

    /** A decimal that reads back as the same number, whatever the ini settings and the locale. */
    private static function floatText(int|float $value, string $where): string
    {
        if (is_int($value)) {
            // 2^63 is a float only: cast to int, it would be another number.
            $float = (float) $value;
            if ($float >= 2.0 ** 63 || (int) $float !== $value) {
                $message = "{$where}{$value} is not exact as float64";
                throw Failure::make(ErrorKind::BadValue, $message);
            }
            return (string) $value;
        }
        if (is_nan($value)) {
            return 'NaN';
        }
        if (is_infinite($value)) {
            return $value > 0 ? 'inf' : '-inf';
        }
        $text = var_export($value, true);
        return (float) $text === $value ? $text : str_replace(',', '.', sprintf('%.17e', $value));
    }

    /** The columns have no zone: the wall clock of a DateTime is what counts, not its zone. */
    private static function momentText(string|\DateTimeInterface $value, string $format): string
    {
        return is_string($value) ? $value : $value->format($format);
    }

    private static function describe(mixed $value): string
    {
        return match (true) {
            is_string($value) => "'" . substr($value, 0, 60) . "'",
            is_bool($value) => $value ? 'true' : 'false',
            is_int($value), is_float($value) => (string) $value,
            is_array($value) => 'an array',
            default => get_debug_type($value),
        };
    }
}

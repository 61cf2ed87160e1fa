<?php

// Lists and structs: names of types taken apart, and the library's JSON text as arrays.
//
//   list(int64)                  [1, null]                   ["1",null]
//   struct(a int64, b utf8)      ['a' => 1, 'b' => 'x']      ["1","x"]

declare(strict_types=1);

namespace Pardox\Internal;

use Pardox\ErrorKind;

/** @internal */
final class Nested
{
    public static function isNested(string $dtype): bool
    {
        return str_starts_with($dtype, 'list(') || str_starts_with($dtype, 'struct(');
    }

    /** The type of a list's values. */
    public static function item(string $dtype): string
    {
        return trim(substr($dtype, strlen('list('), -1));
    }

    /** @return array<string, string> Types of a struct's fields by name, in order. */
    public static function fields(string $dtype): array
    {
        $rest = trim(substr($dtype, strlen('struct('), -1));
        $fields = [];
        while ($rest !== '') {
            if (preg_match('/^(?:"((?:[^"]|"")*)"|(\w+))\s+/', $rest, $found) !== 1) {
                throw Failure::argument("expected a field and its type, found {$rest}");
            }
            $name = $found[2] ?? str_replace('""', '"', $found[1]);
            $start = strlen($found[0]);
            $end = self::typeEnd($rest, $start);
            $fields[$name] = trim(substr($rest, $start, $end - $start));
            $rest = trim(substr($rest, $end + 1));
        }
        return $fields;
    }

    /** Where a type ends: at a comma that stands in no bracket and no quotes, or at the end. */
    private static function typeEnd(string $text, int $start): int
    {
        $depth = 0;
        $isQuoted = false;
        for ($at = $start; $at < strlen($text); $at += 1) {
            $letter = $text[$at];
            if ($letter === '"') {
                $isQuoted = !$isQuoted;
            } elseif ($isQuoted) {
                continue;
            } elseif ($letter === '(') {
                $depth += 1;
            } elseif ($letter === ')') {
                $depth -= 1;
            } elseif ($letter === ',' && $depth === 0) {
                return $at;
            }
        }
        return strlen($text);
    }

    /** @param array<string, string> $fields */
    public static function structType(array $fields): string
    {
        $texts = [];
        foreach ($fields as $name => $dtype) {
            $isWord = preg_match('/^[A-Za-z_][A-Za-z0-9_]*$/D', (string) $name) === 1;
            $texts[] = ($isWord ? $name : '"' . str_replace('"', '""', (string) $name) . '"')
                . " {$dtype}";
        }
        return 'struct(' . implode(', ', $texts) . ')';
    }

    /** A value of the library's JSON; `$leaf` makes those that hold no others. */
    public static function decode(mixed $json, string $dtype, callable $leaf): mixed
    {
        if ($json === null) {
            return null;
        }
        if (str_starts_with($dtype, 'list(')) {
            $item = self::item($dtype);
            return array_map(static fn ($one) => self::decode($one, $item, $leaf), $json);
        }
        if (str_starts_with($dtype, 'struct(')) {
            $values = [];
            foreach (array_map(null, array_keys($fields = self::fields($dtype)), $json) as $pair) {
                $values[$pair[0]] = self::decode($pair[1], $fields[$pair[0]], $leaf);
            }
            return $values;
        }
        return $leaf($json, $dtype);
    }

    /** A value as the plan's JSON; `$leaf` gives what stands for those that hold no others. */
    public static function encode(mixed $value, string $dtype, callable $leaf): mixed
    {
        if ($value === null) {
            return null;
        }
        if (!self::isNested($dtype)) {
            return $leaf($value, $dtype);
        }
        $isList = str_starts_with($dtype, 'list(');
        if (!is_array($value) || ($isList && !array_is_list($value))) {
            $found = is_array($value) ? 'an array with names' : get_debug_type($value);
            throw Failure::make(ErrorKind::BadValue, "expected {$dtype}, found {$found}");
        }
        if ($isList) {
            $item = self::item($dtype);
            return array_map(static fn ($one) => self::encode($one, $item, $leaf), $value);
        }
        $fields = self::fields($dtype);
        foreach (array_keys($value) as $name) {
            if (!isset($fields[$name])) {
                throw Failure::make(ErrorKind::BadValue, "{$dtype} has no field {$name}");
            }
        }
        $values = [];
        foreach ($fields as $name => $inner) {
            $values[] = self::encode($value[$name] ?? null, $inner, $leaf);
        }
        return $values;
    }
}

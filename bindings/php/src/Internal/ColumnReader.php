<?php

// Copies a column out in chunks and makes PHP values of it: one call of C for thousands of values.

declare(strict_types=1);

namespace Pardox\Internal;

use FFI;
use FFI\CData;
use Pardox\ColumnDefinition;
use Pardox\DataType;

/** @internal */
final class ColumnReader
{
    public const CHUNK_ROWS = 4096;
    private const TEXT_BYTES = 1 << 16;
    private const DAY_SECONDS = 86_400;

    private readonly CData $validity;
    private CData $values;
    private ?CData $offsets = null;
    private readonly DataType $dtype;
    private readonly ?Moments $moments;

    public function __construct(
        private readonly Handle $column,
        private readonly ColumnDefinition $definition,
        private readonly bool $hasNulls
    ) {
        $dtype = $this->dtype = $definition->dtype;
        $native = $column->native;
        $this->moments = $dtype === DataType::Timestamp
            ? new Moments($definition->dtypeName, $definition->name)
            : null;
        $this->validity = $native->buffer('uint8_t', self::CHUNK_ROWS);
        if (self::isText($dtype)) {
            $this->values = $native->buffer('uint8_t', self::TEXT_BYTES);
            $this->offsets = $native->buffer('int64_t', self::CHUNK_ROWS + 1);
        } else {
            $words = $dtype === DataType::Decimal ? Decimals::BYTES : 1;
            $type = self::cType($dtype) ?? 'uint8_t';
            $this->values = $native->buffer($type, self::CHUNK_ROWS * $words);
        }
    }

    /** The C type of the values of a fixed width that can be viewed in place; null for others. */
    public static function cType(DataType $dtype): ?string
    {
        return match ($dtype) {
            DataType::Int64, DataType::Timestamp => 'int64_t',
            DataType::Float64 => 'double',
            DataType::Date, DataType::Int32 => 'int32_t',
            DataType::Int8 => 'int8_t',
            DataType::Int16 => 'int16_t',
            DataType::Uint8 => 'uint8_t',
            DataType::Uint16 => 'uint16_t',
            DataType::Uint32 => 'uint32_t',
            DataType::Uint64 => 'uint64_t',
            DataType::Float32 => 'float',
            DataType::Bool, DataType::Utf8, DataType::Decimal, DataType::Dictionary => null,
            DataType::List, DataType::Struct => null,
        };
    }

    /** Whether values come as text. */
    private static function isText(DataType $dtype): bool
    {
        return in_array($dtype, [DataType::Utf8, DataType::Dictionary], true)
            || self::isNested($dtype);
    }

    private static function isNested(DataType $dtype): bool
    {
        return in_array($dtype, [DataType::List, DataType::Struct], true);
    }

    /**
     * The values from a row on: CHUNK_ROWS at most, fewer where a text is large, none at the end.
     *
     * @return list<string|int|float|bool|array|\DateTimeImmutable|null>
     */
    public function read(int $row): array
    {
        $values = $this->offsets === null ? $this->readFixed($row) : $this->readText($row);
        if ($this->hasNulls && $values !== []) {
            $validity = FFI::string($this->validity, count($values));
            for ($i = strpos($validity, "\0"); $i !== false; $i = strpos($validity, "\0", $i + 1)) {
                $values[$i] = null;
            }
        }
        return $values;
    }

    private function readFixed(int $row): array
    {
        $count = $this->column->native->columnCopy(
            $this->column->value(),
            $row,
            self::CHUNK_ROWS,
            $this->values,
            $this->validity
        );
        if ($count === 0) {
            return [];
        }
        if ($this->dtype === DataType::Decimal) {
            $bytes = FFI::string($this->values, $count * Decimals::BYTES);
            return Decimals::texts($bytes, $this->definition->dtypeName);
        }
        [$format, $width] = match ($this->dtype) {
            DataType::Bool, DataType::Uint8 => ['C*', 1],
            DataType::Int8 => ['c*', 1],
            DataType::Int16 => ['s*', 2],
            DataType::Uint16 => ['S*', 2],
            DataType::Date, DataType::Int32 => ['l*', 4],
            DataType::Uint32 => ['L*', 4],
            DataType::Float32 => ['f*', 4],
            DataType::Float64 => ['d*', 8],
            default => ['q*', 8],
        };
        $values = array_values(unpack($format, FFI::string($this->values, $count * $width)));
        return match ($this->dtype) {
            DataType::Bool => array_map(static fn (int $value) => $value !== 0, $values),
            DataType::Date => array_map(self::date(...), $values),
            DataType::Timestamp => $this->instants($values),
            DataType::Uint64 => array_map(self::unsigned(...), $values),
            default => $values,
        };
    }

    private function readText(int $row): array
    {
        [$count, $needed] = $this->copyText($row, self::CHUNK_ROWS);
        if ($count === 0 && $needed > 0) {
            // The first text alone is larger than the buffer: room for just this one.
            [, $needed] = $this->copyText($row, 1);
            $this->values = $this->column->native->buffer('uint8_t', $needed);
            [$count] = $this->copyText($row, 1);
        }
        if ($count === 0) {
            return [];
        }
        $offsets = unpack('q*', FFI::string($this->offsets, ($count + 1) * 8));
        $text = $offsets[$count + 1] === 0 ? '' : FFI::string($this->values, $offsets[$count + 1]);
        $values = [];
        for ($i = 1; $i <= $count; $i += 1) {
            $values[] = substr($text, $offsets[$i], $offsets[$i + 1] - $offsets[$i]);
        }
        return self::isNested($this->dtype)
            ? array_map($this->nested(...), $values)
            : $values;
    }

    /** A list or a struct of the library's JSON text; that of a null is empty. */
    private function nested(string $text): ?array
    {
        if ($text === '') {
            return null;
        }
        $json = json_decode($text, true, 512, JSON_THROW_ON_ERROR);
        return Nested::decode($json, $this->definition->dtypeName, self::leaf(...));
    }

    /** A value within a list or a struct, of what stands for it in the library's JSON. */
    private static function leaf(mixed $json, string $dtype): mixed
    {
        return match (true) {
            $dtype === 'uint64' => strlen($json) < 19 || (string) (int) $json === $json
                ? (int) $json
                : $json,
            $dtype === 'int64' => (int) $json,
            $dtype === 'float32' || $dtype === 'float64' => match ($json) {
                'NaN' => NAN,
                'inf' => INF,
                '-inf' => 0 - INF,
                default => (float) $json,
            },
            $dtype === 'date' => self::date($json),
            str_starts_with($dtype, 'timestamp') => (new Moments($dtype, ''))->of((int) $json),
            default => $json,
        };
    }

    /** @return array{int, int} Rows copied, and the bytes that all rows asked for would take. */
    private function copyText(int $row, int $count): array
    {
        return $this->column->native->columnCopyText(
            $this->column->value(),
            $row,
            $count,
            $this->offsets,
            $this->values,
            $this->validity
        );
    }

    /** Beyond PHP_INT_MAX a numeric string: no int holds it, and a float would round it. */
    private static function unsigned(int $bits): int|string
    {
        return $bits >= 0 ? $bits : sprintf('%u', $bits);
    }

    private static function date(int $days): \DateTimeImmutable
    {
        static $dates = null;
        $dates ??= new Moments('timestamp', '');
        return $dates->at($days * self::DAY_SECONDS, 0);
    }

    /**
     * What stands below a null is no moment, and may be none.
     *
     * @return list<?\DateTimeImmutable>
     */
    private function instants(array $values): array
    {
        $validity = FFI::string($this->validity, count($values));
        foreach ($values as $i => $ticks) {
            $values[$i] = $validity[$i] === "\0" ? null : $this->moments->of($ticks);
        }
        return $values;
    }
}

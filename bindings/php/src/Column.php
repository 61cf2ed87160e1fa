<?php

declare(strict_types=1);

namespace Pardox;

use FFI\CData;
use Pardox\Internal\ColumnReader;
use Pardox\Internal\Failure;
use Pardox\Internal\Handle;

/**
 * One column of a frame; it outlives its frame. Read it by `foreach` (in chunks, with constant
 * memory), by `view` (in place), by `values` (as one list), or by `$column[$row]`.
 *
 * @implements \IteratorAggregate<int, string|int|float|bool|array|\DateTimeImmutable|null>
 * @implements \ArrayAccess<int, string|int|float|bool|array|\DateTimeImmutable|null>
 */
final class Column implements \Countable, \IteratorAggregate, \ArrayAccess
{
    private readonly string $name;
    private readonly DataType $dtype;
    private readonly int $rowCount;
    private readonly int $nullCount;
    private ?ColumnReader $reader = null;
    /** Values of the rows from `$cachedRow` on. */
    private array $cached = [];
    private int $cachedRow = 0;

    /** @var ?\WeakMap<CData, list<object>> What each view needs as long as it lives. */
    private static ?\WeakMap $owners = null;

    /** @internal Made by `DataFrame::column`. */
    public function __construct(
        private readonly ColumnDefinition $definition,
        private readonly Handle $handle
    ) {
        [, $rows, $nulls] = $handle->native->columnInfo($handle->value());
        $this->dtype = $definition->dtype;
        $this->name = $definition->name;
        $this->rowCount = $rows;
        $this->nullCount = $nulls;
    }

    /** Its name. */
    public function name(): string
    {
        return $this->name;
    }

    /** Its type. */
    public function dtype(): DataType
    {
        return $this->dtype;
    }

    /** The whole name of its type, with parameters: `decimal(18,2)`. */
    public function dtypeName(): string
    {
        return $this->definition->dtypeName;
    }

    /** Number of values, nulls included. */
    public function rowCount(): int
    {
        return $this->rowCount;
    }

    /** Number of nulls. */
    public function nullCount(): int
    {
        return $this->nullCount;
    }

    /** Number of values, nulls included: `count($column)`. */
    public function count(): int
    {
        return $this->rowCount;
    }

    /**
     * The values in place, without a copy: an array of C that is countable, iterable, read by
     * index and bounds-checked. It keeps its memory alive, also after `close`. Dates are days and
     * timestamps microseconds since 1970. The memory is shared and must not be written.
     *
     * Text, bool, decimals, lists and structs have no such view, and a column with nulls is refused: take `values`.
     */
    public function view(): CData
    {
        $type = ColumnReader::cType($this->dtype);
        if ($type === null) {
            throw Failure::make(ErrorKind::TypeMismatch, "column {$this->name} is "
                . "{$this->dtype->value}, which has no view; take values()");
        }
        if ($this->nullCount > 0) {
            throw Failure::make(ErrorKind::Unsupported, "column {$this->name} has "
                . "{$this->nullCount} nulls, which a view cannot show; take values()");
        }
        $native = $this->handle->native;
        $whole = new Handle($native, $native->columnRechunk($this->handle->value()));
        // A column without rows has no chunk; its view has no value to read from this place.
        $address = $this->rowCount === 0
            ? $native->buffer($type, 1)
            : $native->columnView($whole->value(), 0)->values;
        $memory = $native->memory($type, $this->rowCount, $address);
        $view = $memory[0]->values;
        self::$owners ??= new \WeakMap();
        self::$owners[$view] = [$whole, $memory, $address];
        return $view;
    }

    /**
     * The values as one list, nulls as null. For a long column, `foreach` takes less memory.
     *
     * @return list<string|int|float|bool|array|\DateTimeImmutable|null>
     */
    public function values(): array
    {
        return iterator_to_array($this->getIterator(), false);
    }

    /** @return \Generator<int, string|int|float|bool|array|\DateTimeImmutable|null> */
    public function getIterator(): \Generator
    {
        $reader = $this->reader();
        for ($row = 0; $row < $this->rowCount; $row += \count($values)) {
            $values = $reader->read($row);
            foreach ($values as $i => $value) {
                yield $row + $i => $value;
            }
        }
    }

    /** Gives the memory back, once nothing else uses it; a second close does nothing. */
    public function close(): void
    {
        $this->cached = [];
        $this->handle->close();
    }

    public function offsetExists(mixed $offset): bool
    {
        return is_int($offset) && $offset >= 0 && $offset < $this->rowCount;
    }

    public function offsetGet(mixed $offset): string|int|float|bool|array|\DateTimeImmutable|null
    {
        if (!$this->offsetExists($offset)) {
            throw Failure::argument("column {$this->name} has rows 0 to " . ($this->rowCount - 1)
                . ', found ' . (is_int($offset) ? $offset : get_debug_type($offset)));
        }
        $isCached = $offset >= $this->cachedRow
            && $offset < $this->cachedRow + \count($this->cached);
        if (!$isCached || !$this->handle->isOpen()) {
            $this->reader ??= $this->reader();
            $this->cached = $this->reader->read($offset);
            $this->cachedRow = $offset;
        }
        return $this->cached[$offset - $this->cachedRow];
    }

    public function offsetSet(mixed $offset, mixed $value): void
    {
        throw Failure::argument('a column cannot be changed; withColumns makes another one');
    }

    public function offsetUnset(mixed $offset): void
    {
        throw Failure::argument('a column cannot be changed; filter leaves rows out');
    }

    private function reader(): ColumnReader
    {
        return new ColumnReader($this->handle, $this->definition, $this->nullCount > 0);
    }

    private function __clone()
    {
    }
}

<?php

declare(strict_types=1);

namespace Pardox;

use Pardox\Internal\ColumnReader;
use Pardox\Internal\DataFrameSources;
use Pardox\Internal\Failure;
use Pardox\Internal\FrameSteps;
use Pardox\Internal\Handle;
use Pardox\Internal\Json;
use Pardox\Internal\Library;
use Pardox\Internal\Run;
use Pardox\Internal\Wire;

/**
 * A table in memory. Each step runs at once and gives another table; this one stays as it is,
 * except that `$df['total'] = ...` and `unset($df['total'])` put the new table in its place.
 *
 * @implements \IteratorAggregate<int, array<string, string|int|float|bool|\DateTimeImmutable|null>>
 * @implements \ArrayAccess<string, Series>
 */
final class DataFrame implements
    \ArrayAccess,
    \Countable,
    \IteratorAggregate,
    \JsonSerializable,
    \Stringable
{
    use DataFrameSources;
    use FrameSteps;

    /** @var ?list<ColumnDefinition> */
    private ?array $schema = null;

    private function __construct(private Handle $handle)
    {
    }

    /** @internal */
    public static function wrap(Handle $handle): self
    {
        return new self($handle);
    }

    /** Makes a frame of Arrow IPC bytes (stream or file form). */
    public static function fromArrow(string $bytes): self
    {
        $native = Library::native();
        return new self(new Handle($native, $native->frameFromIpc($bytes)));
    }

    /**
     * Number of rows and of columns.
     *
     * @return array{int, int}
     */
    public function shape(): array
    {
        return $this->handle->native->frameShape($this->handle->value());
    }

    /**
     * Names of the columns, in order.
     *
     * @return list<string>
     */
    public function columns(): array
    {
        return array_map(static fn (ColumnDefinition $one) => $one->name, $this->schema());
    }

    /**
     * Names and types of the columns, in order.
     *
     * @return list<ColumnDefinition>
     */
    public function schema(): array
    {
        if ($this->schema === null || !$this->handle->isOpen()) {
            $native = $this->handle->native;
            $bytes = new Handle($native, $native->frameSchema($this->handle->value()));
            $this->schema = Run::definitions($bytes->text());
        }
        return $this->schema;
    }

    /** One column. */
    public function column(string $name): Column
    {
        $index = array_search($name, $this->columns(), true);
        if ($index === false) {
            // The engine refuses it in its own words, with the nearest name.
            $this->lazy()->select($name)->schema();
        }
        return $this->columnAt((int) $index);
    }

    private function columnAt(int $index): Column
    {
        $native = $this->handle->native;
        $column = $native->frameColumn($this->handle->value(), $index);
        return new Column($this->schema()[$index], new Handle($native, $column));
    }

    /**
     * The rows in lists of some thousand: the way to read a large table.
     *
     * @return \Generator<int, list<array<string, mixed>>>
     */
    public function batches(int $rows = ColumnReader::CHUNK_ROWS): \Generator
    {
        if ($rows < 1) {
            throw Failure::argument("expected at least 1 row for a batch, found {$rows}");
        }
        $batch = [];
        foreach ($this->getIterator() as $row) {
            $batch[] = $row;
            if (\count($batch) === $rows) {
                yield $batch;
                $batch = [];
            }
        }
        if ($batch !== []) {
            yield $batch;
        }
    }

    /**
     * The rows, one after the other, as arrays of values by column name. The rows are those of the
     * table at the start of the loop, whatever happens to `$df` meanwhile.
     *
     * @return \Generator<int, array<string, string|int|float|bool|\DateTimeImmutable|null>>
     */
    public function getIterator(): \Generator
    {
        [$rowCount] = $this->shape();
        $columns = [];
        foreach (array_keys($this->schema()) as $index) {
            $columns[] = $this->columnAt($index);
        }
        $names = array_map(static fn (Column $one) => $one->name(), $columns);
        $iterators = array_map(static fn (Column $one) => $one->getIterator(), $columns);
        for ($row = 0; $row < $rowCount; $row += 1) {
            $values = [];
            foreach ($iterators as $i => $iterator) {
                $values[$names[$i]] = $iterator->current();
                $iterator->next();
            }
            yield $row => $values;
        }
    }

    /**
     * All rows as arrays of values by column name. For a large table, `foreach` takes less memory.
     *
     * @return list<array<string, string|int|float|bool|\DateTimeImmutable|null>>
     */
    public function toArray(): array
    {
        return iterator_to_array($this->getIterator(), false);
    }

    /** The text table that every language prints: shape, names, types, first and last rows. */
    public function display(int $width = 80, int $rows = 10): string
    {
        $native = $this->handle->native;
        $options = Json::encode(['width' => $width, 'rows' => $rows]);
        $bytes = $native->frameDisplay($this->handle->value(), $options);
        return (new Handle($native, $bytes))->text();
    }

    public function __toString(): string
    {
        return $this->display();
    }

    /**
     * The records that reading CSV files set aside: file, record, line, byte offset, column, text
     * and reason of each. Null where there are none; else a frame of its own.
     */
    public function quarantine(): ?DataFrame
    {
        return $this->attached('quarantine');
    }

    /**
     * How often reading CSV files met a fault and went on, by reason and by what was done. Null
     * where nothing was wrong; else a frame of its own.
     */
    public function faults(): ?DataFrame
    {
        return $this->attached('counts');
    }

    private function attached(string $name): ?self
    {
        $native = $this->handle->native;
        $frame = $native->frameAttached($this->handle->value(), $name);
        return $frame === 0 ? null : new self(new Handle($native, $frame));
    }

    /** The table as Arrow IPC bytes, in stream form. */
    public function toArrow(): string
    {
        $native = $this->handle->native;
        return (new Handle($native, $native->frameToIpc($this->handle->value())))->text();
    }

    /** A lazy frame on this table: steps gather until `collect`. */
    public function lazy(): LazyFrame
    {
        return new LazyFrame($this->node());
    }

    /** Gives the memory back, once nothing else uses it; a second close does nothing. */
    public function close(): void
    {
        $this->handle->close();
    }

    /** Number of rows: `count($df)`. */
    public function count(): int
    {
        return $this->shape()[0];
    }

    /**
     * Rows for `json_encode`: dates as `2026-11-22`, timestamps as `2026-11-22T10:30:00.000000`.
     *
     * @return list<array<string, string|int|float|bool|null>>
     */
    public function jsonSerialize(): array
    {
        $formats = [];
        foreach ($this->schema() as $one) {
            $formats[$one->name] = $one->dtype === DataType::Date ? 'Y-m-d' : 'Y-m-d\TH:i:s.u';
        }
        $rows = [];
        foreach ($this->getIterator() as $row) {
            foreach ($row as $name => $value) {
                if ($value instanceof \DateTimeInterface) {
                    $row[$name] = $value->format($formats[$name]);
                }
            }
            $rows[] = $row;
        }
        return $rows;
    }

    /** Whether there is a column of that name: `isset($df['price'])`. */
    public function offsetExists(mixed $offset): bool
    {
        return is_string($offset) && in_array($offset, $this->columns(), true);
    }

    /** A column as an expression: `$df['price']->mul(2)`. */
    public function offsetGet(mixed $offset): Series
    {
        $name = self::columnName($offset);
        if (!$this->offsetExists($name)) {
            $this->column($name);
        }
        return Series::of($this, $name);
    }

    /** Adds or replaces a column: `$df['total'] = $df['price']->mul($df['quantity'])`. */
    public function offsetSet(mixed $offset, mixed $value): void
    {
        // By its alias: PHP makes the name "0" the key 0, which would be a position in a list.
        $item = (new Expr(Wire::expression($value)))->alias(self::columnName($offset));
        $this->replace($this->withColumns($item));
    }

    /** Leaves a column out: `unset($df['total'])`. */
    public function offsetUnset(mixed $offset): void
    {
        $name = self::columnName($offset);
        if ($this->offsetExists($name)) {
            $this->replace($this->drop($name));
        }
    }

    private static function columnName(mixed $offset): string
    {
        if (is_string($offset) || is_int($offset)) {
            // PHP turns a key of digits into an int.
            return (string) $offset;
        }
        throw Failure::argument("expected a column's name, found " . get_debug_type($offset));
    }

    private function replace(self $other): void
    {
        // Lazy frames may still stand on the old table: its handle goes with the last of them.
        [$this->handle, $this->schema] = [$other->handle, null];
    }

    /** @internal The plan, for frames that stand in another plan. */
    public function plan(): array
    {
        return $this->node();
    }

    /** @internal A table in memory needs no values of parameters. */
    public function params(): array
    {
        return [];
    }

    /** @internal What the one row of a written file says. */
    public function report(): WriteReport
    {
        [['path' => $path, 'rows' => $rows, 'bytes' => $bytes]] = $this->toArray();
        return new WriteReport($path, $rows, $bytes);
    }

    protected function node(): array
    {
        return ['frame' => $this->handle];
    }

    protected function step(array $node, array $params = [], array $others = []): static
    {
        return self::source($node, $params, $others);
    }

    protected static function source(array $node, array $params = [], array $others = []): static
    {
        $inner = array_map(static fn (DataFrame|LazyFrame $one) => $one->params(), $others);
        return self::run($node, Run::merge($params, ...array_values($inner)));
    }

    protected function write(array $node): WriteReport
    {
        return self::run($node)->report();
    }

    protected function group(array $keys): GroupBy
    {
        return new GroupBy($this->node(), $keys, $this->step(...));
    }

    private static function run(
        array $node,
        array $params = [],
        ?int $threads = null,
        ?callable $onProgress = null
    ): self {
        $run = Run::prepare($node, $params, runs: true);
        return new self($run->collect($threads, $onProgress));
    }

    /** The one number of a plan that counts. */
    private static function counted(
        array $node,
        ?int $threads = null,
        ?callable $onProgress = null
    ): int {
        return self::run($node, [], $threads, $onProgress)->toArray()[0]['rows'];
    }

    /** What a plan that sniffs found, over what it was given. */
    private static function sniffed(
        array $node,
        ?int $threads = null,
        ?callable $onProgress = null
    ): CsvSniff {
        [$row] = self::run($node, [], $threads, $onProgress)->toArray();
        ['columns' => $columns, 'confidence' => $confidence, 'doubt' => $doubt] = $row;
        unset($row['columns'], $row['confidence'], $row['doubt']);
        $options = [];
        foreach ($row + (array) $node['sniff_csv']['options'] as $name => $value) {
            $options[lcfirst(str_replace('_', '', ucwords($name, '_')))] = $value;
        }
        unset($options['dialect']);
        return new CsvSniff($options, $columns, $confidence, $doubt);
    }

    private function __clone()
    {
    }
}

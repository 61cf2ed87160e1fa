<?php

declare(strict_types=1);

namespace Pardox;

/**
 * `$df['price']`: the column as an expression, and its values by `foreach`.
 *
 * In a step it is its name: on another table it means that table's column.
 *
 * @implements \IteratorAggregate<int, string|int|float|bool|\DateTimeImmutable|null>
 */
final class Series extends Expr implements \IteratorAggregate
{
    private ?DataFrame $frame = null;

    /** @internal Made by `$df['price']`. */
    public static function of(DataFrame $frame, string $name): self
    {
        $series = new self(['col' => $name]);
        $series->frame = $frame;
        return $series;
    }

    /** The column with its values. */
    public function column(): Column
    {
        return $this->frame->column($this->wire['col']);
    }

    /** @return list<string|int|float|bool|\DateTimeImmutable|null> */
    public function values(): array
    {
        return $this->column()->values();
    }

    /** @return \Generator<int, string|int|float|bool|\DateTimeImmutable|null> */
    public function getIterator(): \Generator
    {
        // The column is closed as soon as the loop is left.
        $column = $this->column();
        try {
            yield from $column;
        } finally {
            $column->close();
        }
    }
}

<?php

declare(strict_types=1);

namespace Pardox;

/** What to order by, with its direction: `col('price')->desc()` makes one. */
final class SortKey
{
    /**
     * @param Expr|string $expr What to order by.
     * @param ?bool $descending Largest first; null leaves it to the sort.
     * @param NullOrder|string|null $nulls Where nulls go; null leaves it to the sort.
     */
    public function __construct(
        public readonly Expr|string $expr,
        public readonly ?bool $descending = null,
        public readonly NullOrder|string|null $nulls = null,
    ) {
    }
}

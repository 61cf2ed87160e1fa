<?php

declare(strict_types=1);

namespace Pardox;

use Pardox\Internal\GroupSteps;

/** Rows grouped by keys: `agg` says what to compute for each group. */
final class GroupBy
{
    use GroupSteps;

    /**
     * @internal Made by `groupBy`.
     *
     * @param \Closure(array): (DataFrame|LazyFrame) $next Gives the table with one step more.
     */
    public function __construct(
        private readonly array $node,
        private readonly array $keys,
        private readonly \Closure $next
    ) {
    }

    protected function node(): array
    {
        return $this->node;
    }

    protected function step(array $node): DataFrame|LazyFrame
    {
        return ($this->next)($node);
    }
}

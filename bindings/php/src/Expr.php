<?php

declare(strict_types=1);

namespace Pardox;

use Pardox\Internal\ExprSteps;

/**
 * What to compute from the columns of a table, row by row or, for aggregates, group by group: an
 * immutable value, made by `col`, `lit` and the methods of other expressions.
 */
class Expr
{
    use ExprSteps;

    /**
     * @internal
     *
     * @param array<string, mixed> $wire The expression as the plan has it.
     * @param ?string $name The name of its column, where it was given one.
     */
    final public function __construct(
        public readonly array $wire,
        public readonly ?string $name = null
    ) {
    }

    /** The expression under a name of its own. */
    public function alias(string $name): Expr
    {
        return new Expr($this->wire, $name);
    }
}

<?php

declare(strict_types=1);

namespace Pardox;

use Pardox\Internal\Wire;

/** A `when` chain; as it stands, it is an expression that is null where no condition is true. */
final class CaseExpr extends Expr
{
    /**
     * One more branch, looked at where none before it was true.
     *
     *     when('price > 10', 'big')->when('price > 5', 'middle')->otherwise('small');
     */
    public function when(
        Expr|string $condition,
        Expr|string|int|float|bool|\DateTimeInterface|null $value
    ): self {
        $case = $this->wire['case'];
        $case['branches'][] = [
            'when' => Wire::expression($condition),
            'then' => Wire::operand($value),
        ];
        return new self(['case' => $case]);
    }

    /** The value where no condition is true. */
    public function otherwise(Expr|string|int|float|bool|\DateTimeInterface|null $value): Expr
    {
        return new Expr(['case' => ['otherwise' => Wire::operand($value)] + $this->wire['case']]);
    }
}

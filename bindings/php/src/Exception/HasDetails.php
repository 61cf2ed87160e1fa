<?php

declare(strict_types=1);

namespace Pardox\Exception;

use Pardox\ErrorKind;

/**
 * What the exception classes share: each stands on the SPL class that a PHP programmer expects.
 *
 * @internal
 */
trait HasDetails
{
    private readonly ErrorKind $kind;
    private readonly ErrorDetails $details;

    public function __construct(
        ErrorKind $kind,
        string $message,
        ?ErrorDetails $details = null,
        ?\Throwable $previous = null
    ) {
        parent::__construct($message, $kind->number(), $previous);
        $this->kind = $kind;
        $this->details = $details ?? new ErrorDetails();
    }

    public function kind(): ErrorKind
    {
        return $this->kind;
    }

    public function details(): ErrorDetails
    {
        return $this->details;
    }
}

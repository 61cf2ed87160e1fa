<?php

// What every error of PardoX is: catch this interface for all of them, a class for one group, and
// branch on the kind and the details, never on the message.

declare(strict_types=1);

namespace Pardox\Exception;

use Pardox\ErrorKind;

interface PardoxException extends \Throwable
{
    /** What went wrong. Its number is the exception's code. */
    public function kind(): ErrorKind;

    /** Where it went wrong: file, column, record, line, byte offset, expected, found, hint. */
    public function details(): ErrorDetails;
}

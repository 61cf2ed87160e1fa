<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** A value that has no result: an overflow, a division by zero, a bad cast. */
final class ComputationException extends \RangeException implements PardoxException
{
    use HasDetails;
}

<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** A bound of the engine is exceeded: rows, bytes, depth, memory. */
final class LimitException extends \RuntimeException implements PardoxException
{
    use HasDetails;
}

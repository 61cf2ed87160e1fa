<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** A broken invariant of the engine: a defect to report. */
final class InternalException extends \RuntimeException implements PardoxException
{
    use HasDetails;
}

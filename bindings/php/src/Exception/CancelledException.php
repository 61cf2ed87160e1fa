<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** The work was cancelled by its caller. */
final class CancelledException extends \RuntimeException implements PardoxException
{
    use HasDetails;
}

<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** What is not in this version. */
final class UnsupportedException extends \RuntimeException implements PardoxException
{
    use HasDetails;
}

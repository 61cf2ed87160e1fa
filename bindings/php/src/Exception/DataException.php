<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** Bytes of a file that do not say what they should. */
final class DataException extends \UnexpectedValueException implements PardoxException
{
    use HasDetails;
}

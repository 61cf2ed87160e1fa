<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** The native library is missing, too old or too new, or PHP's FFI is not there. */
final class LibraryException extends \RuntimeException implements PardoxException
{
    use HasDetails;
}

<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** A file or directory that cannot be read or written. */
final class FileException extends \RuntimeException implements PardoxException
{
    use HasDetails;
}

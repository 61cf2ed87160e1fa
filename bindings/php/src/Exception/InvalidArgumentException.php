<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** An argument or an option that cannot be meant: it is refused before any work begins. */
final class InvalidArgumentException extends \InvalidArgumentException implements PardoxException
{
    use HasDetails;
}

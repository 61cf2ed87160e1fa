<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** An object that was closed, is in use, or belongs to another process. */
final class StateException extends \LogicException implements PardoxException
{
    use HasDetails;
}

<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** A question that does not fit the table: its names, types, syntax or parameters. */
final class QueryException extends \DomainException implements PardoxException
{
    use HasDetails;
}

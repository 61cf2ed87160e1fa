<?php

// From a kind of error, or an error record of the C interface, to the exception of its group.

declare(strict_types=1);

namespace Pardox\Internal;

use FFI;
use FFI\CData;
use Pardox\ErrorKind;
use Pardox\Exception\CancelledException;
use Pardox\Exception\ComputationException;
use Pardox\Exception\DataException;
use Pardox\Exception\ErrorDetails;
use Pardox\Exception\FileException;
use Pardox\Exception\InternalException;
use Pardox\Exception\InvalidArgumentException;
use Pardox\Exception\LimitException;
use Pardox\Exception\PardoxException;
use Pardox\Exception\QueryException;
use Pardox\Exception\StateException;
use Pardox\Exception\UnsupportedException;

/** @internal */
final class Failure
{
    /** The exception of a `pardox_error` that the library has filled. */
    public static function of(CData $error): PardoxException
    {
        $text = static function (CData $characters, int $length): ?string {
            return $length === 0 ? null : FFI::string($characters, $length);
        };
        $place = static fn (int $number): ?int => $number < 0 ? null : $number;
        $details = new ErrorDetails(
            file: $text($error->file, $error->file_length),
            column: $text($error->column, $error->column_length),
            record: $place($error->record),
            line: $place($error->line),
            byteOffset: $place($error->byte_offset),
            expected: $text($error->expected, $error->expected_length),
            found: $text($error->found, $error->found_length),
            hint: $text($error->hint, $error->hint_length),
        );
        $message = $text($error->message, $error->message_length) ?? 'an error without a message';
        return self::make(ErrorKind::fromNumber($error->status), $message, $details);
    }

    /** The exception of a kind. */
    public static function make(
        ErrorKind $kind,
        string $message,
        ?ErrorDetails $details = null,
        ?\Throwable $previous = null
    ): PardoxException {
        $class = match ($kind) {
            ErrorKind::InvalidArgument, ErrorKind::InvalidOption => InvalidArgumentException::class,
            ErrorKind::InvalidHandle, ErrorKind::ReleasedHandle, ErrorKind::Busy,
            ErrorKind::Forked, ErrorKind::ShutDown => StateException::class,
            ErrorKind::Cancelled => CancelledException::class,
            ErrorKind::Internal => InternalException::class,
            ErrorKind::Unsupported, ErrorKind::UnsupportedVersion => UnsupportedException::class,
            ErrorKind::NotFound, ErrorKind::PermissionDenied, ErrorKind::IsDirectory,
            ErrorKind::DiskFull, ErrorKind::FileChanged, ErrorKind::Io => FileException::class,
            ErrorKind::LimitExceeded => LimitException::class,
            ErrorKind::EmptyInput, ErrorKind::InvalidUtf8, ErrorKind::FieldCount,
            ErrorKind::UnterminatedQuote, ErrorKind::StrayQuote, ErrorKind::BadValue,
            ErrorKind::DuplicateColumn, ErrorKind::CorruptFile => DataException::class,
            ErrorKind::InvalidPlan, ErrorKind::Syntax, ErrorKind::UnknownColumn,
            ErrorKind::UnknownTable, ErrorKind::UnknownFunction, ErrorKind::Parameter,
            ErrorKind::TypeMismatch => QueryException::class,
            ErrorKind::Overflow, ErrorKind::DivisionByZero,
            ErrorKind::BadCast => ComputationException::class,
        };
        return new $class($kind, $message, $details, $previous);
    }

    /** The exception of an argument that cannot be meant. */
    public static function argument(string $message): PardoxException
    {
        return self::make(ErrorKind::InvalidArgument, $message);
    }
}

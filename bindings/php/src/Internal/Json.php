<?php

// JSON in and out of the library, with errors in the engine's kinds.

declare(strict_types=1);

namespace Pardox\Internal;

use Pardox\ErrorKind;

/** @internal */
final class Json
{
    /** Deeper than any document that the engine takes, so that the engine says what is too deep. */
    private const DEPTH_MAX = 20_000;

    public static function encode(mixed $value): string
    {
        $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
        try {
            return json_encode($value, $flags, self::DEPTH_MAX);
        } catch (\JsonException $error) {
            $kind = match ($error->getCode()) {
                JSON_ERROR_UTF8, JSON_ERROR_UTF16 => ErrorKind::InvalidUtf8,
                JSON_ERROR_DEPTH => ErrorKind::LimitExceeded,
                default => ErrorKind::InvalidArgument,
            };
            $message = match ($kind) {
                ErrorKind::InvalidUtf8 => 'expected text in valid UTF-8, found other bytes in '
                    . 'a name, a value or a text of the question',
                ErrorKind::LimitExceeded => 'the question is nested too deeply',
                default => $error->getMessage(),
            };
            throw Failure::make($kind, $message, null, $error);
        }
    }

    public static function decode(string $text): array
    {
        return json_decode($text, true, self::DEPTH_MAX, JSON_THROW_ON_ERROR);
    }
}
